from pypanther import get_panther_rules, register

for rule in get_panther_rules():
    rule.override(enabled=True)
register(get_panther_rules())
