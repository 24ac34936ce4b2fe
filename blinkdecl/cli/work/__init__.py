"""One file per command, named as in `cli.commands`: what it does with its options, in the order in which it happens.

`run` takes a `Session`, then the values of the options by their names, and returns the exit code. What only one
command does belongs here. No command imports another: what two of them share is in `cli` if it talks to a person, and
in a lower room if it does not.
"""
