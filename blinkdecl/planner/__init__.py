"""Desired, recorded and live become a `Plan`, or drift. Pure.

Every decision about what is to be done, in which order, and what forbids it belongs here. Nothing here reads, calls or
prints: `project` brings the values, `applier` carries the plan out, `render` shows it.
"""
