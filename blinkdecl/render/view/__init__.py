"""The one dict of what is shown: its shape is in ``schemas/``, every format is made from it. And back: a saved plan.

Here belongs what is shown, in the terms of the schemas. How it looks belongs to the formats beside this folder.
"""
