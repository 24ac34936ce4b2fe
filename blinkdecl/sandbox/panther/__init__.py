"""The Panther side of the sandbox: a GraphQL API with the operations on destinations, and their semantics.

schema      the SDL of each profile, and its execution
tenant      the destinations: unique names, redaction, merged secrets, in SQLite
test_alert  Panther's own test alert, really sent
faults      what goes wrong on purpose
"""
