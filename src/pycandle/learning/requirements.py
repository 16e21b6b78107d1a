"""The settings that must be as they were recorded, as rows of the manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pycandle.formulas import Formula, Setting
from pycandle.learning.numbers import LengthPlace, Place
from pycandle.learning.transfer import Whole
from pycandle.manifest.learned import Required


def required_rows(
    fixed: Mapping[str, str], formulas: Mapping[Place, Formula], whole: Whole
) -> Iterator[Required]:
    """Yields a row for each setting in `fixed`, which has the reasons.

    A list that has the same item for each layer may be of any length where the number of layers is
    free: the item is required.
    """
    counts = [
        whole.settings[formula.path]
        for place, formula in formulas.items()
        if isinstance(place, LengthPlace) and isinstance(formula, Setting)
        if formula.path not in fixed
    ]
    for path, reason in fixed.items():
        value = whole.settings[path]
        if isinstance(value, list) and len(value) in counts and len(set(value)) == 1:
            yield Required(path, value[0], reason, each=True)
        else:
            yield Required(path, value, reason)
