"""A repository and its parts, wired: which backend, which provider, whose secrets, who sends what to whom.

Here belongs what chooses and connects parts, for any front: the command line is one. What decides about destinations
belongs to the planner, what talks to a person to the front.
"""
