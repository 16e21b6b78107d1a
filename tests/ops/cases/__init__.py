"""The rows, a file for each family of lowerings. The list of families is the list of imports."""

from ops.cases import (
    activation,
    cast,
    comparison,
    creation,
    division,
    elementwise,
    extremum,
    logic,
    reduction,
)

CASES = [
    *activation.CASES,
    *cast.CASES,
    *comparison.CASES,
    *creation.CASES,
    *division.CASES,
    *elementwise.CASES,
    *extremum.CASES,
    *logic.CASES,
    *reduction.CASES,
]
