"""Choices: what only one branch of a `torch.cond` reads is computed in that branch."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pycandle.codegen.structure.regions import Item, Region
from pycandle.ir.graph import Node, Value, values_in

CHOICE = "pycandle.cond."
"""What the targets begin with."""

S = TypeVar("S")


@dataclass(frozen=True)
class Choice:
    """`if pred { .. } else { .. }`, with the steps of each branch."""

    node: Node
    yes: tuple[Item, ...]
    no: tuple[Item, ...]

    @property
    def pred(self) -> Value:
        """What it chooses by."""
        found = self.node.args[0]
        assert isinstance(found, Value)
        return found

    def outputs(self, side: int) -> list[Value]:
        """Returns what a branch results in: the first, 0, is that of a true predicate."""
        return list(values_in(self.node.args[1 + side]))

    @property
    def reads(self) -> list[Value]:
        """The values from before it that it reads."""
        items = [*self.yes, *self.no]
        made = {value for item in items for value in _results(item)}
        found = [self.pred, *(value for item in items for value in _inputs(item))]
        found += [*self.outputs(0), *self.outputs(1)]
        return [value for value in found if value not in made]


def fold_choices(
    items: Sequence[Item | S], outputs: Sequence[Value], kept: Container[Node]
) -> list[Item | S | Choice]:
    """Returns the steps of a body, those that one branch alone reads as a part of its choice.

    `kept`: ops that stay where they are, as other instances of the struct lack them.
    """
    found: list[Item | S | Choice] = list(items)
    for item in reversed(items):
        if not isinstance(item, Node) or not item.target.startswith(CHOICE):
            continue
        if not any(item is step for step in found):
            continue
        yes, no = (_only_for(item, side, found, outputs, kept) for side in (1, 2))
        choice = Choice(item, tuple(yes), tuple(no))
        inside = {id(step) for step in (*yes, *no)}
        found = [choice if step is item else step for step in found if id(step) not in inside]
    return found


def _only_for(
    node: Node,
    side: int,
    steps: Sequence[object],
    outputs: Sequence[Value],
    kept: Container[Node],
) -> list[Item]:
    """Returns the steps that nothing reads but one branch of a choice, in order."""
    others = [node.args[0], node.args[3 - side]]
    elsewhere = {*outputs, *(value for argument in others for value in values_in(argument))}
    wanted = set(values_in(node.args[side]))
    found: list[Item] = []
    for step in reversed(steps):
        if step is node:
            continue
        movable = isinstance(step, Region | Node) and not _stays(step, kept)
        made = _results(step) if isinstance(step, Region | Node) else []
        if movable and wanted.intersection(made) and not elsewhere.intersection(made):
            assert isinstance(step, Region | Node)
            found.append(step)
            wanted.update(_inputs(step))
        else:
            elsewhere.update(_inputs(step))
    return found[::-1]


def _stays(step: Item, kept: Container[Node]) -> bool:
    return step.is_optional if isinstance(step, Region) else step in kept


def _results(item: Item) -> list[Value]:
    return [item.result] if isinstance(item, Node) else item.outputs


def _inputs(step: object) -> list[Value]:
    """Returns the values that a step of any kind reads."""
    if isinstance(step, Node):
        return list(step.inputs())
    if isinstance(step, Region):
        return step.inputs
    return list(getattr(step, "reads", ()))
