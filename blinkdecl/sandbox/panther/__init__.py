"""The Panther side of the sandbox: a GraphQL API with the operations on destinations, and the public read API.

side        the HTTP around it: the token, and what goes wrong before anything is carried out
schema      the SDL of each profile, and its execution
destination one of them, as it is stored
tenant      all of them: unique names, redaction, merged secrets, in SQLite
timeline    what there was after each change
test_alert  Panther's own test alert, really sent
history     alerts and detections, as the public API has them
catalogue   which detections there are
traffic     alerts that were never raised, delivered by Panther's order of precedence
faults      what goes wrong on purpose
"""
