"""Every trap, from PyTorch to Rust that is verified: all in one build."""

import pytest

from models.porting import Port, assert_right, port_all
from traps import (
    attention,
    boundaries,
    branches,
    calls,
    complex_numbers,
    counted,
    entries,
    files,
    functions,
    kinds,
    layers,
    left_out,
    lists,
    loops,
    mappings,
    masks,
    mixed,
    names,
    normalization,
    optional,
    outputs,
    rows,
    signs,
    state,
    variants,
)
from traps.trap import TRAPS, Trap

MODULES = (
    attention,
    boundaries,
    branches,
    calls,
    complex_numbers,
    counted,
    entries,
    files,
    functions,
    kinds,
    layers,
    left_out,
    lists,
    loops,
    mappings,
    masks,
    mixed,
    names,
    normalization,
    optional,
    outputs,
    rows,
    signs,
    state,
    variants,
)
"""Importing them registers the traps."""

ALL = [
    pytest.param(
        name,
        id=name,
        marks=[pytest.mark.xfail(strict=True, reason=trap.broken)] if trap.broken else [],
    )
    for name, trap in TRAPS.items()
]


@pytest.fixture(scope="session")
def ports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Port]:
    """All traps, recorded on a CPU: the recordings hold PyTorch's own answers."""
    builders = {name: trap.build for name, trap in TRAPS.items()}
    entries = {name: trap.entries for name, trap in TRAPS.items()}
    edits = {name: trap.edit for name, trap in TRAPS.items() if trap.edit is not None}
    split = frozenset(name for name, trap in TRAPS.items() if trap.split)
    return port_all(builders, tmp_path_factory.mktemp("traps"), entries, edits, split)


@pytest.mark.parametrize("name", ALL)
def test_the_rust_gives_the_answers_of_pytorch(ports: dict[str, Port], name: str) -> None:
    assert_right(ports[name])
    assert_other_sizes(ports[name], TRAPS[name])
    assert_text(ports[name], TRAPS[name])
    generated = ports[name].generated
    assert generated is not None
    assert set(TRAPS[name].inlined) <= set(generated.inlined)


def assert_other_sizes(port: Port, trap: Trap) -> None:
    """The sizes of the inputs are free, so that larger and smaller ones were tried."""
    assert port.verification is not None
    sets = port.verification.sets
    assert (len(sets) > 2) != trap.fixed, [port.verification.notes, *(item.notes for item in sets)]


def test_each_entry_is_compared_with_what_its_recording_holds(ports: dict[str, Port]) -> None:
    for name, trap in TRAPS.items():
        assert len(ports[name].others) == len(trap.entries), name
        for verification in ports[name].others:
            assert verification.sets[0].golden, (name, verification.entry)


def assert_text(port: Port, trap: Trap) -> None:
    code = "\n".join(line for line in port.rust.splitlines() if not line.startswith("//"))
    assert [text for text in trap.shows if text not in code] == [], code
    assert [text for text in trap.hides if text in code] == [], code


def test_every_trap_says_what_it_is() -> None:
    assert [name for name, trap in TRAPS.items() if not trap.cls.__doc__] == []
