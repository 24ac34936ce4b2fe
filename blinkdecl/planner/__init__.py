"""Desired, recorded and live become a `Plan`, or drift. Pure.

Here belongs every decision about what is to be done, in which order, and what forbids it. Nothing here reads, calls or
prints: `project` brings the values, `applier` makes the plan true, `render` shows it.
"""
