"""One file a command: its options, and what it does with them, in the order in which it happens.

Here belongs what one command alone does. No command imports another: what two of them share is in `cli` where it
speaks to a person, and below where it does not.
"""
