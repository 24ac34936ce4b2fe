"""What differs between two sets of attributes: the only module that uses deepdiff.

Equality is checked first: nearly every pair is equal, and the check costs a hundredth of a diff.
"""

from blinkdecl.model.plan import Difference
from blinkdecl.model.resource import Attributes


def differences(before: Attributes, after: Attributes) -> tuple[Difference, ...]:
    """Return the attributes whose values differ, in the order of `after`; both sides are in canonical form."""
    if before == after:
        return ()
    from deepdiff import DeepDiff  # imported only when something differs: the import outlasts a plan without changes

    # Without the threshold, two sides with few names in common would come out as one difference of the whole.
    tree = DeepDiff(dict(before), dict(after), view="tree", ignore_type_in_groups=[], threshold_to_diff_deeper=0)
    names = {level.path(output_format="list")[0] for levels in tree.values() for level in levels}
    ordered = [name for name in (*after, *(name for name in before if name not in after)) if name in names]
    return tuple(Difference(name, before.get(name), after.get(name)) for name in ordered)
