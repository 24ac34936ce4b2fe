"""What differs between two sets of attributes: the only module that uses deepdiff.

Equality is checked first, of the whole and then of each attribute: nearly every pair is equal, and the check costs a
hundredth of a diff, which walks through every item of every list. What is left are a few values, in which deepdiff
finds the paths that differ; all values of today are flat, so that each path is an attribute's name.
"""

from blinkdecl.model.plan import Difference
from blinkdecl.model.resource import Attributes

_ABSENT = object()


def differences(before: Attributes, after: Attributes) -> tuple[Difference, ...]:
    """Return the attributes whose values differ, in the order of `after`; both sides are in canonical form."""
    if before == after:
        return ()
    from deepdiff import DeepDiff  # imported only when something differs: the import outlasts a plan without changes

    names = (*after, *(name for name in before if name not in after))
    unequal = [name for name in names if before.get(name, _ABSENT) != after.get(name, _ABSENT)]
    was, becomes = ({name: side[name] for name in unequal if name in side} for side in (before, after))
    # Without the threshold, two sides with few names in common would come out as one difference of the whole.
    tree = DeepDiff(was, becomes, view="tree", ignore_type_in_groups=[], threshold_to_diff_deeper=0)
    found = {level.path(output_format="list")[0] for levels in tree.values() for level in levels}
    return tuple(Difference(name, before.get(name), after.get(name)) for name in unequal if name in found)
