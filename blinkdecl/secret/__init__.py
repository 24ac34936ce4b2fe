"""What must never be shown: the value that hides itself, where values come from, and fingerprints of them.

Here belongs the handling of secrets themselves. Which secrets a plan needs is `project`'s to know, where one may
be sent, `model.urls`'s.
"""
