"""One file per command: its options, its help, and which module of `cli.work` does it.

Here belongs what help and completion need, and nothing else: click, and what `cli.options` and `cli.types` offer. What
a command does with its options is in the module of the same name in `cli.work`, imported when the command is called.
"""
