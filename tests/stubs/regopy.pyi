"""What the tests use of regopy, which has no annotations."""

from collections.abc import Sequence
from typing import Any

class Result:
    expressions: Sequence[Any]

class Output:
    results: Sequence[Result]

class Interpreter:
    def add_module(self, name: str, source: str) -> None: ...
    def add_data(self, json: object) -> None: ...
    def set_input(self, value: object) -> None: ...
    def query(self, query_expr: str) -> Output: ...
