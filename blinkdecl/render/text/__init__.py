"""The view as text for a terminal, a module for each kind of view.

Here belongs wording and layout for people. What is shown is in the view already; whether and where it is printed is
the command line's to say.
"""
