"""Strict YAML with places: a file becomes plain data, and every problem in it a diagnostic with its lines.

Here belongs whatever holds for any document: limits, syntax, JSON Schema, excerpts, the masking of secrets in them.
It knows no configuration, no destination and no trigger; what these mean belongs one level up.
"""
