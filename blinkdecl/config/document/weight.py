"""How large a document is with its aliases expanded, counted before anything walks it. Pure.

A few hundred bytes of nested aliases stand for gigabytes, in values as in keys. Each node is weighed once, however many
aliases lead to it, so that the answer takes linear time.
"""

from collections.abc import Iterator
from typing import NamedTuple

from blinkdecl.config.document.node import MAX_CHARACTERS, MAX_DEPTH, MAX_NODES, Node, TooLarge


class Weight(NamedTuple):
    """What a node stands for: the nodes below it, the characters, the levels of collections."""

    nodes: int
    characters: int
    depth: int


def weigh(root: Node) -> Weight:
    """Return what a node stands for; raises `TooLarge` where that is more than a document may hold, or has no end."""
    weights: dict[int, Weight | None] = {}
    waiting = [root]
    while waiting:
        node = waiting[-1]
        if weights.get(id(node)) is not None:
            waiting.pop()
        elif node.id == "scalar":
            weights[id(node)] = Weight(0, len(node.value), 0)
        elif id(node) not in weights:
            weights[id(node)] = None  # begun: whoever meets it now is within it
            below = [each for each in _below(node) if weights.get(id(each)) is None]
            if any(id(each) in weights for each in below):
                raise TooLarge("nested too deeply", node)
            waiting += below
        else:
            weights[id(node)] = _weighed(node, weights)
    return weights[id(root)] or Weight(0, 0, 0)


def _weighed(node: Node, weights: dict[int, Weight | None]) -> Weight:
    found = [weight for each in _below(node) if (weight := weights[id(each)]) is not None]
    weight = Weight(
        sum(1 + each.nodes for each in found),
        sum(each.characters for each in found),
        1 + max((each.depth for each in found), default=0),
    )
    if weight.depth > MAX_DEPTH:
        raise TooLarge("nested too deeply", node)
    if weight.nodes > MAX_NODES or weight.characters > MAX_CHARACTERS:
        raise TooLarge("too long", node)
    return weight


def _below(node: Node) -> Iterator[Node]:
    if node.id == "mapping":
        for pair in node.value:
            yield from pair
    else:
        yield from node.value
