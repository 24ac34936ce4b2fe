"""Fuzzing that stays: whatever is read from outside is answered by a `Failure`, never by another exception.

targets/     one module a target: `run(data)` hands the bytes to what reads them, `seeds()` makes sound ones
corpus/      sound inputs that are easier to keep than to make, by target
values       what is put in place of sound values
mutator      from sound inputs to odd ones, by a seeded random generator
engine       runs inputs within their limits, and shrinks what fails
surroundings the folder and the server that some targets need
"""
