"""The Panther side of the sandbox: a GraphQL API with the operations on destinations, and their semantics.

schema      the SDL of each profile, and its execution
destination one of them, as it is stored
tenant      all of them: unique names, redaction, merged secrets, in SQLite
timeline    what there was after each change
test_alert  Panther's own test alert, really sent
faults      what goes wrong on purpose
"""
