"""What the walks need of PyYAML's nodes, and how much a document may hold. Pure."""

from typing import Any, Protocol

MAX_DEPTH = 50
# With aliases expanded: values and keys, and the characters of both.
MAX_NODES = 50_000
MAX_CHARACTERS = 4 * 1024 * 1024


class Node(Protocol):
    """What the walks need of PyYAML's nodes and marks."""

    @property
    def id(self) -> str:
        """``scalar``, ``sequence`` or ``mapping``."""

    tag: str
    value: Any
    start_mark: Any
    end_mark: Any
    # Of collections: whether it is in brackets.
    flow_style: Any


class TooLarge(Exception):
    """The data would be nested too deeply, or too long with aliases expanded, at `node`."""

    def __init__(self, reason: str, node: Node) -> None:
        super().__init__(reason)
        self.node = node
