"""How two states relate, and what that means for putting one in place of the other. Pure.

equal      the same version with the same content
ahead      a later version of the same state: it may replace the other
behind     an earlier version
diverged   the same version number, but different content: two runs wrote without knowing of each other
unrelated  another lineage: not versions of one state at all
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from blinkdecl.diagnostics import Failure, error
from blinkdecl.model.state import State

Relation = Literal["equal", "ahead", "behind", "diverged", "unrelated"]

_MEANS: Mapping[Relation, str] = MappingProxyType(
    {
        "behind": "it is behind: serial {given.serial}, stored is {stored.serial}",
        "diverged": "they have diverged: both are serial {given.serial}, and their content differs",
        "unrelated": "they are unrelated: lineage {given.lineage}, stored is {stored.lineage}",
    }
)
_REMEDIES: Mapping[Relation, str] = MappingProxyType(
    {
        "behind": "`blinkdecl plan` works with the stored one; {force} replaces it with the earlier one",
        "diverged": "`blinkdecl plan` with each shows which is right; {force} replaces the stored one",
        "unrelated": "check --chdir, --env and `state`; {force} replaces the stored one",
    }
)


def relation(given: State, stored: State) -> Relation:
    """Return how `given` relates to `stored`."""
    if given.lineage != stored.lineage:
        return "unrelated"
    if given.serial != stored.serial:
        return "ahead" if given.serial > stored.serial else "behind"
    return "equal" if given == stored else "diverged"


def refusal(given: State, stored: State, force: str) -> Failure | None:
    """Return why `given` must not replace `stored`, None where it may; `force` is the command that does it anyway."""
    found = relation(given, stored)
    if found in ("equal", "ahead"):
        return None
    return error(
        "other-lineage",
        f"the stored state is not replaced: {_MEANS[found].format(given=given, stored=stored)}",
        remedy=_REMEDIES[found].format(force=force),
    )


def same_version(one: State | None, other: State | None) -> bool:
    """Whether both are the same version of one state (or both are none)."""
    if one is None or other is None:
        return one is other
    return (one.lineage, one.serial) == (other.lineage, other.serial)
