"""Pages for people: one file each, which needs no script and nothing from elsewhere; htpy escapes what is put in.

    report    which sections the page of a command has, and in which order
    page      the page around them: its head, what it is of, its style
    matrix    who receives what, with names in the cells, before and after
    replay    past alerts over a plan, with bars
    sections  losses, problems, changes, drift, rules, test alerts, destinations

The only door to htpy. Colour never says anything alone: a word or a sign is beside it.
"""
