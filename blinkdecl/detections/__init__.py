"""A detections repository in the layout of panther-analysis, read and never run.

Here belongs what such files say. These are another tool's files: the strictness of `config` does not apply. Where
their alerts go is decided in `routing`.
"""
