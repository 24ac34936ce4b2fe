"""Alerts as Panther delivered them, on their way in: from Panther's public API, or from a file of JSON Lines.

Here belongs how they are read and written, and which facts about them a source holds. Nothing here changes anything:
what is sent are queries and GETs. What alerts are is in `model.observed`; what they say about a configuration is
decided by `routing`.
"""
