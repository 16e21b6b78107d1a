"""Functionalized programs compute what torch computes."""

import copy

import torch
from hypothesis import HealthCheck, given, settings

from passes.interpreter import run
from passes.programs import CERTAIN, FRESH, RENAMES, UNCERTAIN, WRITES, programs
from pycandle.errors import PyCandleError
from pycandle.ir.graph import Graph
from pycandle.ir.overloads import functional_overload
from pycandle.ir.printer import print_graph
from pycandle.ir.verifier import verify
from pycandle.passes import run_passes
from pycandle.passes.functionalize import Functionalize

torch.set_num_threads(1)
SETTINGS = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def agree(graph: Graph, inputs: list[torch.Tensor]) -> None:
    """Runs a graph before and after passes; the numbers are the same."""
    expected = run(graph, [x.clone() for x in inputs])
    whole = copy.deepcopy(graph)
    before = print_graph(graph)

    Functionalize().run(graph)
    run_passes(whole)

    verify(graph)
    assert not [node for node in graph.nodes if functional_overload(node.target)]
    for result in (graph, whole):
        found = run(result, [x.clone() for x in inputs])
        for one, other in zip(found, expected, strict=True):
            assert torch.equal(one, other), f"{before}\n{print_graph(result)}"


def is_refused(graph: Graph) -> bool:
    """Whether the pass refuses a graph, for the reason that it has."""
    try:
        Functionalize().run(graph)
    except PyCandleError as refused:
        return {found.code for found in refused.diagnostics} == {"write-to-view"}
    return False


@given(programs((*CERTAIN, *WRITES, *WRITES, *FRESH)))
@SETTINGS
def test_writes_through_views_give_the_numbers_of_torch(
    program: tuple[Graph, list[torch.Tensor]],
):
    agree(*program)


@given(programs((*CERTAIN, *UNCERTAIN, *RENAMES, *WRITES, *FRESH)))
@SETTINGS
def test_writes_that_may_not_be_followed_are_right_or_refused(
    program: tuple[Graph, list[torch.Tensor]],
):
    graph, inputs = program
    if not is_refused(copy.deepcopy(graph)):
        agree(graph, inputs)
