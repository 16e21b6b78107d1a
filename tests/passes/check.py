"""Pass tests: text in, text out."""

import textwrap

import pytest

from pycandle.errors import PyCandleError
from pycandle.ir.graph import Graph
from pycandle.ir.parser import parse_graph
from pycandle.ir.printer import print_graph
from pycandle.ir.verifier import verify
from pycandle.passes.interface import Pass


def check(item: Pass, before: str, after: str) -> None:
    """Runs a pass on a graph; what comes out is well formed and reads as `after`."""
    graph = parse_graph(textwrap.dedent(before))
    expected = print_graph(parse_graph(textwrap.dedent(after)))

    changed = item.run(graph)

    verify(graph, after=item.name)
    assert print_graph(graph) == expected
    assert changed == (expected != print_graph(parse_graph(textwrap.dedent(before))))


def leaves_alone(item: Pass, text: str) -> None:
    """Runs a pass on a graph; nothing changes, and the pass says so."""
    check(item, text, text)


def refusals(item: Pass, text: str) -> list[str]:
    """Returns what a pass says of a graph that it refuses, one text a diagnostic."""
    graph: Graph = parse_graph(textwrap.dedent(text))

    with pytest.raises(PyCandleError) as caught:
        item.run(graph)

    return [f"{found.title}: {found.label}" for found in caught.value.diagnostics]
