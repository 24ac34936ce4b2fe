"""The pages that follow from the code, each a function that returns its text; ``make docs`` writes them.

    markdown.py         words, tables and anchors, as GitHub reads them
    yaml_text.py        examples of the schema's as YAML
    configuration.py    from schemas/: every property             shapes.py   what a property takes, in words
    commands.py         from the command line itself: every command
    troubleshooting.py  from the catalogue: every code
    exit_codes.py       from sessions that are run                sessions.py  how, and what is made steady in them
    readme.py           the session in README.md

A page says nothing that its source does not say: what is wrong in it is put right there.
"""
