"""A detections repository in the layout of panther-analysis, read and never run.

What such files say belongs here. They are another tool's files: the strictness of `config` does not apply. Where their
alerts go is decided in `routing`.
"""
