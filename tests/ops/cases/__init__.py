"""The rows, a file for each family of lowerings. The list of families is the list of imports."""

from ops.cases import activation

CASES = [*activation.CASES]
