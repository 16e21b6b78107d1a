"""The counter of lines agrees with tokei, and the table of what is left out is one of lines."""

from itertools import pairwise

import pytest

from lines.counting import code_lines, count_code
from lines.theirs import REASONS, read_parts

SAMPLE = """//! Head.
/* a
   /* nested */
   b */
use std::fmt;

/// Doc.
fn main() {
    let text = "// no comment"; // one
    let slash = '"'; // "

    let long = "a
    b // c
    ";
    let raw = r#"/* " */"#;
    /* before */ let x = 1;
}
"""
"""tokei 12.1.2 counts 10 lines of code in it."""


def test_a_line_with_code_and_a_comment_is_code() -> None:
    assert count_code(SAMPLE) == 10
    assert code_lines(SAMPLE) == {5, 8, 9, 10, 12, 13, 14, 15, 16, 17}


@pytest.mark.parametrize("ranges", [[(8, 9)], [(1, 4), (8, 9)], [(8, 8), (7, 9)]])
def test_ranges_leave_out_their_code_alone(ranges: list[tuple[int, int]]) -> None:
    assert count_code(SAMPLE, ranges) == count_code(SAMPLE) - 2


def test_ranges_of_lines_are_in_order_and_have_a_reason() -> None:
    for model, parts in read_parts().items():
        for part in parts:
            ranges = sorted(lines for found in part.left_out.values() for lines in found)
            assert set(part.left_out) <= set(REASONS), model
            assert all(first <= last for first, last in ranges), (model, ranges)
            edges = [line for lines in ranges for line in lines]
            assert all(a <= b for a, b in pairwise(edges)), (model, ranges)
