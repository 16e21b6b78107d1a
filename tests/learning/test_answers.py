"""Settings that change together, so that what a model's code asks has the same answers."""

import pytest

from pycandle.formulas import parse, render
from pycandle.learning.answers import answers, tied_changes
from pycandle.learning.guards import Condition, find_excluded
from pycandle.learning.structure import period_of

SETTINGS = {"image": 64, "patch": 4, "window": 4, "width": 8, "ratio": 2.0}


def condition(left: str, relation: str, right: str) -> Condition:
    return Condition(parse(left), relation, parse(right))


ASKED = [
    condition("image // patch // 2", "<=", "window"),
    condition("image // patch // 4", "<=", "window"),
    condition("width", ">", "3"),
]


def test_the_fewest_settings_that_keep_all_answers_change_with_one() -> None:
    assert list(tied_changes(ASKED, SETTINGS, "window")) == [
        {"window": 8, "image": 128},
        {"window": 12, "image": 192},
    ]


def test_what_no_condition_names_changes_nothing_else() -> None:
    assert list(tied_changes(ASKED, SETTINGS, "ratio")) == []
    assert list(tied_changes(ASKED, SETTINGS, "width")) == []


def test_answers_are_those_of_the_settings() -> None:
    assert answers(ASKED, SETTINGS) == (False, True, True)
    assert answers(ASKED, {**SETTINGS, "window": 8}) == (True, True, True)


def test_a_size_that_is_not_divided_by_one_that_it_is_compared_with() -> None:
    same = [{"image": 64, "window": 4}, {"image": 128, "window": 8}]
    other = {"image": 68, "window": 8}

    rows, fixed = find_excluded(same, [(other, ["image"])], [condition("image", "<=", "window")])

    assert [(row.left, row.relation, row.right) for row in rows] == [("image % window", "!=", "0")]
    assert render(parse(rows[0].left)) == rows[0].left
    assert fixed == set()


@pytest.mark.parametrize(
    ("kinds", "period"),
    [
        ("abab", 2),
        ("aba", 2),
        ("aaab" * 2, 4),
        ("aaabaa", 4),
        # Once is no turn, and one kind takes none.
        ("ab", None),
        ("aaaa", None),
        ("abb", None),
        ("aab", None),
        ("abba", 3),
    ],
)
def test_after_how_many_layers_their_kinds_come_again(kinds: str, period: int | None) -> None:
    assert period_of(list(kinds)) == period
