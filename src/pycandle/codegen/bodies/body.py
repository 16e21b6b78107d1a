"""Prints the body of one function: the items of a region as statements and a result."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pycandle.codegen.bodies.choice_body import choice_value
from pycandle.codegen.bodies.default_body import default_value
from pycandle.codegen.bodies.interface import Body, Owner
from pycandle.codegen.bodies.list_arguments import joined_list, list_operand, owned_list
from pycandle.codegen.bodies.loop_body import emit_loop
from pycandle.codegen.bodies.optional_steps import optional_call, optional_op
from pycandle.codegen.bodies.plan import (
    Plan,
    Step,
    assigned_name,
    origin_of,
    results,
    variable_of,
    variables_of,
)
from pycandle.codegen.bodies.sizes import Sizes
from pycandle.codegen.structure.choices import Choice, fold_choices
from pycandle.codegen.structure.layer_nodes import layer_input, layer_of
from pycandle.codegen.structure.layout import GETITEM, bind_argument
from pycandle.codegen.structure.lists import ListValue
from pycandle.codegen.structure.loops import Loop
from pycandle.codegen.structure.regions import Absent, Default, Item, Maybe, Region
from pycandle.ir.graph import Node, Value
from pycandle.ir.sizes import Size
from pycandle.ir.types import TensorType
from pycandle.lowering import LOWERINGS
from pycandle.lowering.operand import Items, Layout, ListOperand, Lowered, Operand, Result, Several
from pycandle.rust import tree as t
from pycandle.rust.names import Names, snake
from pycandle.rust.rewrite import keep_alive, mentions
from pycandle.rust.rewrite import replace as rewrite


class BodyPrinter:
    """Prints one region. State tensors and children are the owner's."""

    def __init__(
        self,
        items: Sequence[Step],
        inputs: list[tuple[Value, str]],
        outputs: list[Value],
        owner: Owner,
        split: set[Value],
        symbols: dict[Size, str],
        layout: dict[Value, Layout],
        maybe: Mapping[Node, Maybe],
        *,
        may_ask: bool,
        optional: Container[Value] = (),
    ) -> None:
        """`inputs`: values and their parameter names; `layout`: their layouts in every call.
        `maybe`: ops that other instances of the struct lack, or have instead of this one.
        `optional`: inputs that some calls leave out.
        `may_ask`: whether a size that no input shows becomes an argument.

        `split`: results with several items, each of which is an expression of its own.
        """
        self.items: Sequence[Step] = fold_choices(items, outputs, maybe)
        self.outputs = outputs
        self.owner = owner
        owner.dtype_here = self.model_dtype
        self.layout = dict(layout)
        self.maybe = maybe
        self.plan = Plan(self.items, outputs, split, maybe, [value for value, _ in inputs])
        self.locals: dict[Value, t.Local] = {
            v: t.Local(name, copy=True) if v in optional else t.Local(name, borrowed=True)
            for v, name in inputs
        }
        self.optional = optional
        self.held: Mapping[Node, t.Local] = {}
        """Layers that a pattern around the body binds."""
        self.inputs = [(value, name) for value, name in inputs if value not in optional]
        # A size is read first and used to the end: no variable may hide it.
        self.dims = Names({name for _, name in inputs} | variables_of(items))
        self.sizes = Sizes(self.inputs, self.dims, symbols, may_ask=may_ask)
        self.first: list[t.Statement] = []
        self.lines: list[t.Statement] = []
        self.dtype: t.Local | None = None
        """The variable that holds the model's dtype."""

    def print(self) -> Body:
        """Returns the statements and the results."""
        owned = keep_alive(self.steps())
        if not self.owner.holds_numbers:
            self.lines, owned = self._with_sizes((self.lines, owned))
        layouts = tuple(self.layout_of(value) for value in self.outputs)
        lines = (*self.lines, *owned)
        first = self.first if self.dtype and mentions(lines, self.dtype.name) else []
        sizes = tuple((size, name) for size, name in self.sizes.asked if mentions(lines, name))
        reads = self.sizes.statements(lambda name: mentions(lines, name))
        return Body((*reads, *first, *self.lines), owned, layouts, sizes)

    def steps(self) -> tuple[t.Expr, ...]:
        """Adds the statements of all steps; returns the results, owned."""
        self.statements()
        return tuple(self._owned(value) for value in self.outputs)

    def statements(self) -> None:
        """Adds the statements of all steps."""
        for index in range(len(self.items)):
            if self.plan.emits(index):
                self._emit(index)

    def _with_sizes(
        self, body: tuple[list[t.Statement], tuple[t.Expr, ...]]
    ) -> tuple[list[t.Statement], tuple[t.Expr, ...]]:
        """Reads numbers that follow from settings from the arguments, where these show them."""

        def substitute(node: Any) -> Any:
            return self.sizes.shown(node) if isinstance(node, t.Number) else None

        lines, owned = rewrite((tuple(body[0]), body[1]), substitute)
        return list(lines), owned

    # Statements.

    def _emit(self, index: int) -> None:
        item = self.items[index]
        if isinstance(item, Loop):
            emit_loop(self, item, index)
            return
        if isinstance(item, Default):
            wanted = variable_of(item.value) or self.locals[item.given].name
            self._bind(item.value, default_value(self, item), index, wanted)
            return
        if isinstance(item, Choice):
            value, item = choice_value(self, item), item.node
        elif isinstance(item, Region) and self.owner.absent(item) is not None:
            value = optional_call(self, item)
        elif isinstance(item, Node) and item in self.maybe:
            value = optional_op(self, item, self.maybe[item], index)
        else:
            value = self.compute(item)
        found = results(item)
        if isinstance(item, Node) and not isinstance(item.result.type, TensorType):
            self._bind_items(item, value, index)
        elif len(found) == 1:
            self._bind(found[0], value, index, self._wanted(item, found[0], None))
        else:
            wanted = [self._wanted(item, result, i) for i, result in enumerate(found)]
            names: list[str] = []
            for name in wanted:
                names.append(self.free(name, index, names))
            self.lines.append(t.Let(f"({', '.join(names)})", value))
            self.locals.update(zip(found, map(t.Local, names), strict=True))

    def _bind_items(self, node: Node, value: t.Expr, index: int) -> None:
        """Binds the results of an op that returns a tuple; what nothing reads is `_`."""
        by_index: dict[int, Value] = {}
        for item in self.items:
            if isinstance(item, Node) and item.target == GETITEM and item.args[0] is node.result:
                position = item.args[1]
                assert isinstance(position, int)
                by_index[position] = item.result
        names: list[str] = []
        bound: dict[Value, t.Local] = {}
        count = len(getattr(node.result.type, "items", ()))
        for position in range(count):
            result = by_index.get(position)
            if result is None or result not in self.plan.readers:
                names.append("_")
                continue
            wanted = variable_of(result) or variable_of(node.result, position) or "part"
            names.append(self.free(wanted, index, names))
            bound[result] = t.Local(names[-1])
            self.layout[result] = Layout.CONTIGUOUS
        self.lines.append(t.Let(f"({', '.join(names)})", value))
        self.locals.update(bound)

    def _bind(self, value: Value, expr: t.Expr, index: int, wanted: str) -> None:
        if isinstance(expr, t.Local):
            # An op that returns its operand, as `cat` of one tensor: the same variable.
            self.locals[value] = expr
            return
        name = self.free(wanted, index)
        self.lines.append(t.Let(name, expr))
        self.locals[value] = t.Local(name)

    def free(self, wanted: str, index: int, beside: Sequence[str] = ()) -> str:
        """Returns a name for a value, shadowing one that is not read any more.

        `beside`: the names that the same statement binds to other values.
        """
        taken = self.size_names().union(beside)
        holder = self._holder(wanted, index)
        self.dims.taken.add(wanted)
        if holder is None and wanted not in taken:
            return wanted
        if (
            holder is not None
            and wanted not in taken
            and self._holder("residual", index) is None
            and self._is_residual(holder, index)
        ):
            # The old value lives on beside the new one: it is what a later sum adds back.
            old = self.locals[holder]
            self.lines.append(t.Let("residual", t.ref(old)))
            kept = t.Local("residual", borrowed=True)
            self.locals |= {value: kept for value, held in self.locals.items() if held == old}
            return wanted
        count = 2
        name = f"{wanted}{count}" if not wanted[-1].isdigit() else f"{wanted}_{count}"
        while self._holder(name, index) is not None or name in taken:
            count += 1
            name = f"{wanted}{count}" if not wanted[-1].isdigit() else f"{wanted}_{count}"
        self.dims.taken.add(name)
        return name

    def size_names(self) -> set[str]:
        """Returns the names of sizes and bound layers, which no variable may hide."""
        kept = {local.name for local in self.held.values()}
        if self.dtype is not None:
            kept.add(self.dtype.name)
        return set(self.sizes.reads.values()) | set(self.sizes.wanted.values()) | kept

    def _holder(self, name: str, index: int) -> Value | None:
        """Returns the value that a name stands for, if it is read after this statement."""
        for value, local in self.locals.items():
            if local.name == name and self.plan.live_after(value, index):
                return value
        return None

    def _is_residual(self, value: Value, index: int) -> bool:
        """Whether a later sum reads a value, and this statement does not need it under its name."""
        readers = [i for i in self.plan.readers.get(value, []) if i < self.plan.end]
        later = [self.items[i] for i in readers if self.plan.statement[i] > index]
        return any(
            item.is_optional
            if isinstance(item, Region)
            else isinstance(item, Node) and item.target == "aten.add.Tensor"
            for item in later
        )

    def _wanted(self, item: Item, value: Value, position: int | None) -> str:
        """Returns the name that a value would have by its Python source."""
        if isinstance(item, Region):
            name = assigned_name(item, value)
            if name is None and (position is not None or item.kind == "function"):
                name = origin_of(value)
            return name or "xs"
        name = variable_of(value)
        if name is not None:
            return name
        if item.target == GETITEM and isinstance(item.args[0], Value):
            source, at = item.args[0], item.args[1]
            assert isinstance(at, int)
            return variable_of(source, at) or "part"
        return "xs" if getattr(value.type, "is_float", False) else snake(item.target.split(".")[1])

    # Expressions.

    def value(self, value: Value) -> t.Expr:
        """Returns Rust for a value: a variable, a field, or the expression that computes it."""
        if value.state is not None:
            return self.owner.state(value)
        if value in self.locals:
            return self.locals[value]
        return self.compute(self.items[self.plan.producer[value]])

    def _owned(self, value: Value) -> t.Expr:
        """Returns a result, cloned where it is borrowed or returned more than once."""
        if isinstance(value, ListValue):
            return owned_list(self, value)
        expr = self.value(value)
        borrowed = isinstance(expr, t.Field) or (isinstance(expr, t.Local) and expr.borrowed)
        held = [self.locals.get(output) for output in self.outputs]
        repeated = isinstance(expr, t.Local) and held.count(expr) > 1
        return t.plain(expr, "clone") if borrowed or repeated else expr

    def compute(self, item: Step) -> t.Expr:
        """Returns Rust for the results of a step that is no loop."""
        if isinstance(item, Region):
            layouts = self.owner.result_layouts(item)
            self.layout.update(zip(item.outputs, layouts, strict=True))
            return self.owner.call(item, self.argument, self.sizes.expr)
        assert isinstance(item, Node)
        if item.target == GETITEM:
            return self._item_of(item)
        output = self._lower(item)
        match output:
            case Lowered(expr, _):
                return expr
            case Several(expr):
                return expr
            case Items():
                raise AssertionError("items are printed where they are read")
            case _:
                return output

    def _item_of(self, node: Node) -> t.Expr:
        source, index = node.args
        assert isinstance(source, Value)
        assert isinstance(index, int)
        assert source.node is not None
        output = self._lower(source.node)
        assert isinstance(output, Items)
        self.layout[node.result] = Layout.STRIDED
        return output.items[index]

    def _lower(self, node: Node) -> Any:
        layer = layer_of(node)
        if layer is not None:
            field = self.held.get(node) or self.owner.layer(node, layer)
            if field is not None:
                self.layout[node.result] = Layout.CONTIGUOUS
                return layer.forward(field, self.operand(layer_input(node, layer)))
        return self.lower_op(node, node)

    def lower_op(self, node: Node, like: Node) -> Any:
        """Returns Rust for an op as for `like`, which has the same form and may have other types.

        Notes how its result lies in memory.
        """
        types = dict(zip(node.inputs(), (value.type for value in like.inputs()), strict=True))

        def operand(value: Value) -> Operand | ListOperand:
            found, kind = self.argument(value), types[value]
            return replace(found, type=kind) if isinstance(found, Operand) else found

        held = joined_list(self, node)
        left = node.args if held is None else node.args[1:]
        args = [bind_argument(item, operand, self.sizes.expr) for item in left]
        args = args if held is None else [held, *args]
        kwargs = {k: bind_argument(v, operand, self.sizes.expr) for k, v in node.kwargs.items()}
        output = LOWERINGS[node.target](args, kwargs, self._result(like))
        layout = Layout.CONTIGUOUS
        if isinstance(output, Lowered):
            layout = output.layout
        elif isinstance(output, Items):
            layout = Layout.STRIDED
        self.layout[node.result] = layout
        return output

    def operand(self, value: Value) -> Operand:
        """Returns a value as lowerings see it."""
        assert isinstance(value.type, TensorType)
        if value in self.optional or isinstance(value, Absent):
            found = self.locals.get(value) or t.path("None")
            return Operand(found, value.type, self.layout_of(value), is_option=True)
        expr = self.value(value)  # First: computing an unnamed value finds its layout.
        return Operand(
            expr,
            value.type,
            self.layout_of(value),
            sizes=self.sizes.expr,
            is_state=value.state is not None,
        )

    def argument(self, value: Value) -> Operand | ListOperand:
        """Returns a value as calls see it: a tensor, or a list of them."""
        return list_operand(self, value) if isinstance(value, ListValue) else self.operand(value)

    def layout_of(self, value: Value) -> Layout:
        """Returns how a value lies in memory, in every call of this body."""
        if value.state is not None or isinstance(value, ListValue):
            return Layout.CONTIGUOUS
        return self.layout.get(value, Layout.STRIDED)

    def _result(self, node: Node) -> Result:
        return Result(
            type=node.result.type,
            sizes=self.sizes.expr,
            device=self._device,
            model_dtype=self.model_dtype,
            runtime=self.owner.runtime,
        )

    def _device(self) -> t.Expr:
        if self.inputs:
            value, name = self.inputs[0]
            first: t.Expr = t.Local(name, borrowed=True)
            first = t.Index(first, 0) if isinstance(value, ListValue) else first
            return t.plain(first, "device")
        return self.owner.device()

    def model_dtype(self) -> t.Expr:
        if self.dtype is None:
            for value, name in self.inputs:
                if isinstance(value.type, TensorType) and value.type.follows_model:
                    # Read first: the name may stand for another tensor later.
                    self.dtype = t.Local(self.dims.fresh("dtype"), copy=True)
                    read = t.plain(t.Local(name, borrowed=True), "dtype")
                    self.first.append(t.Let(self.dtype.name, read))
                    break
        return self.dtype or self.owner.model_dtype()
