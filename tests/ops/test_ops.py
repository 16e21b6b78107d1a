"""Every row: the Rust of its lowering gives PyTorch's answer, or is refused for the said reason."""

import pytest

from ops.case import OpCase
from ops.cases import CASES
from ops.compare import difference
from ops.crate import Outcome
from ops.lowered import Body, lower
from ops.values import Run, runs_of
from pycandle.lowering.operand import Layout, Unsupported

_WORST = {"c": Layout.CONTIGUOUS, "s": Layout.STRIDED, "b": Layout.BROADCAST}
_RIGHT = [case for case in CASES if case.refused is None]
_REFUSED = [case for case in CASES if case.refused is not None]


@pytest.mark.parametrize("case", _RIGHT, ids=str)
def test_rust_gives_the_answer_of_torch(case: OpCase, ran):
    row = ran[str(case)]
    if isinstance(row, Exception):
        raise row

    wrong = [text for run in row.runs if (text := _verdict(case, *run))]

    assert wrong == []
    assert case.rust is None or row.body.rust == case.rust


@pytest.mark.parametrize("case", _REFUSED, ids=str)
def test_what_cannot_be_right_is_refused(case: OpCase):
    with pytest.raises(Unsupported) as refusal:
        lower(case, runs_of(case))

    assert refusal.value.argument == case.refused


def test_every_row_has_a_name_of_its_own():
    names = [str(case) for case in CASES]

    assert sorted(names) == sorted(set(names))


def test_a_row_that_allows_more_says_why():
    assert [case for case in CASES if case.factor > 16 and not case.reason] == []


def _verdict(case: OpCase, body: Body, run: Run, outcome: Outcome) -> str | None:
    place = f"{body.rust}, model {run.model}, sizes {run.symbols}: "
    if outcome.error is not None:
        return place + outcome.error
    plain, reference = run.answer(), run.answer(reference=True)
    if len(outcome.results) != len(plain):
        return place + f"{len(outcome.results)} results, PyTorch has {len(plain)}"
    results, plain, reference = map(case.compared, (list(outcome.results), plain, reference))
    triples = zip(results, plain, reference, strict=True)
    found = [difference(*triple, case.factor) for triple in triples]
    found += [
        f"said to be {claimed.name}, is {_WORST[actual].name}"
        for claimed, actual in zip(body.layouts, outcome.layouts, strict=True)
        if _WORST[actual] > claimed
    ]
    texts = [text for text in found if text is not None]
    return place + "; ".join(texts) if texts else None
