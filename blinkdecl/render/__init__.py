"""Values become what people and machines read: `view` makes one plain dict, every other module one format of it.

Here belongs how things are shown, and the rule that nothing shown can hide, steer a terminal or become markup
(`safe`). All of it is pure but `terminal`: a value in, a text without a final newline out. What is decided about the
values, a routing or a diagnostic, comes from the rooms that decide.
"""
