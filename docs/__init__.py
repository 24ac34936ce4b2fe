"""The documents, and in `generator` what writes those that follow from the code."""
