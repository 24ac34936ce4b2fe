"""One file per command: its options, and what it does with them, in the order in which it happens.

What only one command does belongs here. No command imports another: what two of them share is in `cli` if it talks to
a person, and in a lower room if it does not.
"""
