"""The nouns: what is declared, recorded and live, a plan, its results, how blinkdecl was called. Frozen data.

Here belongs a value that several rooms speak of, with the properties that follow from it alone. What decides about
values belongs to the room that decides, what reads or writes them to the room that does.
"""
