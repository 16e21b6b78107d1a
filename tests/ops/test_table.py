"""The page of supported ops is complete and fresh."""

from ops.cases import CASES
from ops.table import PAGE, page
from pycandle.lowering import LOWERINGS


def test_every_lowering_has_rows_that_are_compared():
    compared = {case.overload for case in CASES if case.refused is None}

    assert sorted(set(LOWERINGS) - compared) == []


def test_every_row_has_a_lowering():
    assert sorted({case.overload for case in CASES} - set(LOWERINGS)) == []


def test_the_page_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == page(), "PYTHONPATH=tests python -m ops.table"
