"""Prints a loop over layers: what it carries, and what each kind of layer is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pycandle.codegen.bodies.list_arguments import push, start_list
from pycandle.codegen.bodies.plan import assigned_name, variable_of
from pycandle.codegen.config.layer_kinds import pattern_arms
from pycandle.codegen.structure.loops import Loop, item_name
from pycandle.codegen.structure.mixed_loops import MixedLoop
from pycandle.ir.graph import Value
from pycandle.lowering.operand import ListOperand, Operand
from pycandle.rust import tree as t
from pycandle.rust.names import Names

if TYPE_CHECKING:
    from pycandle.codegen.bodies.body import BodyPrinter


def emit_loop(printer: BodyPrinter, loop: Loop, index: int) -> None:
    """Adds the statements of a loop, the item at `index` of the body."""
    if isinstance(loop, MixedLoop):
        _emit_mixed(printer, loop, index)
        return
    first, last = loop.calls[0], loop.calls[-1]
    for made in loop.lists:
        start_list(printer, loop, made, index)
    grown = {made.position: made.whole for made in loop.lists if made.position is not None}
    lists = {first.inputs[position]: whole for position, whole in grown.items()}
    names: list[str] = []
    for position, output in loop.carry:
        start, result = first.inputs[position], last.outputs[output]
        if start in first.optional:
            names.append(_start_option(printer, start, result, index, names))
        else:
            names.append(_start(printer, start, result, index, names))
    carried = {first.inputs[p]: t.Local(n) for (p, _), n in zip(loop.carry, names, strict=True)}
    layouts = printer.owner.result_layouts(first)
    field = printer.owner.loop_field(loop)
    taken = {local.name for local in printer.locals.values()} | printer.size_names()
    item = item_name(loop, taken)
    kinds = printer.free("kinds", index) if loop.kinds else ""
    kind = Names({item, *taken}).fresh("kind")
    chosen = _choose(printer, loop, {*names, item, kinds, kind, *printer.size_names()})

    def argument(value: Value) -> Operand | ListOperand:
        if value in chosen:
            return chosen[value]
        operand = printer.argument(lists.get(value, value))
        if value not in carried or not isinstance(operand, Operand):
            return operand
        if value in first.optional:
            lent = t.plain(carried[value], "as_ref")
            return replace(operand, expr=lent, is_option=True)
        output = next(o for p, o in loop.carry if first.inputs[p] is value)
        layout = max(operand.layout, layouts[output])
        return replace(operand, expr=carried[value], layout=layout)

    held = t.Local(item, borrowed=True)
    call = printer.owner.loop_call(loop, held, argument, printer.sizes.expr)
    results = {output: name for (_, output), name in zip(loop.carry, names, strict=True)}
    steps = _step(printer, loop, call, results, {item, *taken, *names})
    if loop.kinds:
        printer.lines += _loop_over_kinds(printer, loop, field, (item, kind, kinds), chosen, steps)
    else:
        printer.lines.append(t.For(item, t.Reference(field), steps))
    for (_, output), name in zip(loop.carry, names, strict=True):
        printer.locals[last.outputs[output]] = t.Local(name)
        printer.layout[last.outputs[output]] = layouts[output]


def _emit_mixed(printer: BodyPrinter, loop: MixedLoop, index: int) -> None:
    """Adds a loop over layers of several types, with a `match` on the type."""
    result = loop.calls[-1].outputs[0]
    start = loop.calls[0].inputs[loop.carried_at[loop.type_of[0]]]
    name = _start(printer, start, result, index, ())
    layouts = [printer.owner.result_layouts(model)[0] for model in loop.models]
    layout = max([printer.layout_of(start), *layouts])
    field = printer.owner.loop_field(loop)
    taken = {local.name for local in printer.locals.values()} | {name} | printer.size_names()
    item = item_name(loop, taken)
    token = printer.owner.layer_enum(loop).token
    arms: list[tuple[str, t.Expr]] = []
    for kind, (model, position) in enumerate(zip(loop.models, loop.carried_at, strict=True)):
        carried = model.inputs[position]

        def argument(value: Value, carried: Value = carried) -> Operand | ListOperand:
            operand = printer.argument(start if value is carried else value)
            if value is not carried or not isinstance(operand, Operand):
                return operand
            return replace(operand, expr=t.Local(name), layout=layout)

        held = t.Local(item, borrowed=True)
        call = printer.owner.layer_call(model, held, argument, printer.sizes.expr)
        arms.append((f"{token}::__V{kind}__({item})", call))
    step = t.Assign(name, t.Match(t.Local(item, borrowed=True), tuple(arms)))
    printer.lines.append(t.For(item, t.Reference(field), (step,)))
    printer.locals[result] = t.Local(name)
    printer.layout[result] = max(layouts)


def _step(
    printer: BodyPrinter, loop: Loop, call: t.Expr, carried: Mapping[int, str], taken: set[str]
) -> tuple[t.Statement, ...]:
    """Returns the statements of one iteration: the call, and what becomes of its results.

    `carried`: the variables of the results that the next call takes, by their positions.
    """
    first = loop.calls[0]
    layouts = printer.owner.result_layouts(first)
    if not carried and len(first.outputs) == 1:
        return (push(printer, loop.lists[0], call, layouts[0]),)
    options = {output for p, output in loop.carry if first.inputs[p] in first.optional}
    names = {i: carried[i] for i in range(len(first.outputs)) if i in carried}
    before = {
        output: max(layouts[output], printer.layout_of(first.inputs[position]))
        for position, output in loop.carry
    }
    steps: list[t.Statement] = []
    if options or len(carried) < len(first.outputs):
        fresh = Names(taken)
        names = {
            i: fresh.fresh(
                f"next_{carried[i]}" if i in carried else assigned_name(first, v) or "part"
            )
            for i, v in enumerate(first.outputs)
        }
        steps.append(t.Let(_pattern(list(names.values())), call))
    else:
        steps.append(t.Assign(_pattern(list(names.values())), call))
    for made in loop.lists:
        if made.is_before:
            name = carried[made.output]
            steps.insert(0, push(printer, made, t.Local(name), before[made.output], kept=True))
            continue
        result, layout = t.Local(names[made.output]), layouts[made.output]
        steps.append(push(printer, made, result, layout, kept=made.output in carried))
    for i, name in carried.items():
        if names[i] != name:
            result = t.Local(names[i])
            steps.append(t.Assign(name, t.Call("Some", (result,)) if i in options else result))
    return tuple(steps)


def _loop_over_kinds(
    printer: BodyPrinter,
    loop: Loop,
    field: t.Expr,
    names: tuple[str, str, str],
    chosen: Mapping[Value, Operand],
    steps: tuple[t.Statement, ...],
) -> list[t.Statement]:
    """Returns the table of what each kind is given, and the loop with the kind of each layer.

    `names`: of a layer, its kind, and the table.
    """
    item, kind, kinds = names
    rows = [[printer.operand(value).lent() for value in row] for row in loop.kinds]
    given_to = [row[0] if len(row) == 1 else t.tuple_of(row) for row in rows]
    values = [operand.expr.name for operand in chosen.values() if isinstance(operand.expr, t.Local)]
    choice = printer.owner.kinds_field(loop)
    if choice is not None:
        held = t.Reference(printer.owner.held_kinds(choice))
        layers = t.Method(t.Method(field, "iter"), "zip", (held,))
        arms = pattern_arms(choice, loop.kind_of, given_to)
        given = t.Let(_pattern(values), t.Match(t.Local(kind, borrowed=True), arms))
        return [t.For(f"({item}, {kind})", layers, (given, *steps))]
    table = t.array_of(given_to)
    order = t.array_of(t.Path(str(kind)) for kind in loop.kind_of)
    layers = t.Method(t.Method(field, "iter"), "zip", (order,))
    given = t.Let(_pattern(values), t.Path(f"{kinds}[{kind}]"))
    return [t.Let(kinds, table), t.For(f"({item}, {kind})", layers, (given, *steps))]


def _choose(printer: BodyPrinter, loop: Loop, kept: set[str]) -> dict[Value, Operand]:
    """Returns the variables of a step for the values that depend on the kind of its layer."""
    first = loop.calls[0]
    fixed = [value for i, value in enumerate(first.inputs) if i not in loop.chosen]
    # A variable of the step may hide one that the step does not read.
    read = {printer.locals[value].name for value in fixed if value in printer.locals}
    names = Names(kept | read)
    found: dict[Value, Operand] = {}
    for column, position in enumerate(loop.chosen):
        operands = [printer.operand(kind[column]) for kind in loop.kinds]
        value = first.inputs[position]
        outside = [o.expr.name for o in operands if isinstance(o.expr, t.Local)]
        wanted = first.parameter.get(value) or ""
        name = names.fresh(wanted if wanted.isidentifier() else min(outside, key=len, default="xs"))
        layout = max(operand.layout for operand in operands)
        found[value] = replace(operands[0], expr=t.Local(name, borrowed=True), layout=layout)
    return found


def _pattern(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"({', '.join(names)})"


def _start(
    printer: BodyPrinter, start: Value, result: Value, index: int, others: Sequence[str]
) -> str:
    """Binds the variable that a loop carries to its first value; returns its name.

    `others`: the names of what the loop carries beside it.
    """
    current = printer.locals.get(start)
    lives_on = printer.plan.live_after(start, index)
    if current is not None and not current.borrowed and not lives_on:
        if not _make_mutable(printer, current.name):
            printer.lines.append(t.Let(current.name, current, mutable=True))
        return current.name
    wanted = variable_of(result) or (current.name if current is not None else "xs")
    initial = printer.value(start)
    owned = initial if not isinstance(initial, t.Local | t.Field) else t.plain(initial, "clone")
    name = printer.free(wanted, index, others)
    printer.lines.append(t.Let(name, owned, mutable=True))
    return name


def _start_option(
    printer: BodyPrinter, start: Value, result: Value, index: int, others: Sequence[str]
) -> str:
    """Binds the variable of an argument that a loop's first call may leave out."""
    given = printer.operand(start)
    name = printer.free(variable_of(result) or start.variable or "xs", index, others)
    value = t.plain(given.expr, "cloned") if isinstance(given.expr, t.Local) else given.expr
    if not given.is_option:
        owned = isinstance(given.expr, t.Local | t.Field)
        value = t.Call("Some", (t.plain(given.expr, "clone") if owned else given.expr,))
    printer.lines.append(t.Let(name, value, mutable=True))
    return name


def _make_mutable(printer: BodyPrinter, name: str) -> bool:
    """Adds `mut` to the statement that binds a name. Returns whether there is such a one."""
    for index in range(len(printer.lines) - 1, -1, -1):
        line = printer.lines[index]
        if isinstance(line, t.Let) and line.pattern == name:
            printer.lines[index] = t.Let(name, line.value, mutable=True)
            return True
        if isinstance(line, t.Let) and name in (parts := line.pattern.strip("()").split(", ")):
            made = ", ".join(f"mut {part}" if part == name else part for part in parts)
            printer.lines[index] = t.Let(f"({made})", line.value)
            return True
    return False
