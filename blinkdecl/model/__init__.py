"""The nouns: what is declared, recorded and live, a plan, its results, how blinkdecl was called. Frozen data.

A value that several rooms use belongs here, with the properties that follow from it alone. What decides about values
belongs to the room that decides, what reads or writes them to the room that does.
"""
