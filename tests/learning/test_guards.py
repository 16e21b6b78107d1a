"""Which condition is found for settings that make another program."""

from pycandle.learning.guards import find_excluded

SAME = [{"heads": 4, "groups": 2, "kinds": 2}, {"heads": 8, "groups": 1, "kinds": 4}]


def test_two_settings_that_are_equal() -> None:
    found, fixed = find_excluded(SAME, [({"heads": 4, "groups": 4, "kinds": 2}, ["groups"])])

    assert [(item.left, item.relation, item.right) for item in found] == [("groups", "==", "heads")]
    assert fixed == set()


def test_values_beyond_those_that_were_seen() -> None:
    found, fixed = find_excluded(
        SAME, [({"heads": 1, "groups": 1, "kinds": 3}, ["kinds", "heads"])]
    )

    assert [(item.left, item.relation, item.right) for item in found] == [("heads", "==", "1")]
    assert fixed == set()

    found, fixed = find_excluded(SAME, [({"heads": 3, "groups": 1, "kinds": 2}, ["heads"])])

    assert [(item.left, item.relation, item.right) for item in found] == [("heads", "<", "4")]


def test_settings_without_a_condition_are_fixed() -> None:
    row = {"heads": 8, "groups": 2, "kinds": 2}
    found, fixed = find_excluded([*SAME, {"heads": 9, "groups": 2, "kinds": 2}], [(row, ["heads"])])

    assert (found, fixed) == ([], {"heads"})
