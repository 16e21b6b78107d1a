"""Types: definitions that are equal but for numbers become one struct or function."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pycandle.codegen.config.held import Held, follows_settings
from pycandle.codegen.config.settings import ConfigFields
from pycandle.codegen.unification.derived import Column, compute, find_multiples, take_settings
from pycandle.formulas import Formula
from pycandle.ir.configured import exact
from pycandle.ir.sizes import Size
from pycandle.lowering.operand import Layout
from pycandle.rust import tree as t
from pycandle.rust.binding import shape
from pycandle.rust.names import Names, snake
from pycandle.rust.rewrite import bound_in, mentions, numbers, replace_numbers, scopes, skeleton

MOST_ARGUMENTS = 7
"""Clippy asks for no more."""

CONFIG = "config:"
"""Starts the role of a number that belongs in `Config` where all instances agree on it."""


@dataclass(frozen=True)
class Method:
    """One body: a private function, or a method of a struct."""

    function: t.Function
    layouts: tuple[Layout, ...]
    """How the results lie in memory."""
    sizes: tuple[tuple[Size, str], ...] = ()
    """Sizes that it takes as arguments, and their names."""


@dataclass(frozen=True)
class Table:
    """A tensor that `new` computes."""

    relative: str
    """Its name, from the module on."""
    name: str
    """Of the field or of the variable that holds it."""
    is_field: bool


@dataclass(frozen=True)
class Way:
    """What one way to call a module runs."""

    method: int = 0
    arguments: tuple[t.Number, ...] = ()
    """Numbers that the ways which share the method differ in."""


@dataclass(frozen=True)
class Definition:
    """One instance of a struct or function, with its numbers as literals."""

    kind: str
    """`struct` or `function`."""
    cls: str
    fields: tuple[tuple[str, str, t.Expr], ...]
    """Name, type and value of each field of a struct."""
    setup: tuple[t.Statement, ...]
    """What `new` does before it makes the struct."""
    passed: tuple[str, ...]
    """Parameters of `new` that are tensors of another module."""
    methods: tuple[Method, ...]
    """A function has one; a struct has one for each path through its module."""
    needs_dtype: bool = False
    """Whether a function takes the dtype of the weights."""
    needs_config: bool = False
    imports: frozenset[str] = frozenset()
    runtime: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()
    """Containers of which all children are made by one count, by their paths in the module."""
    kinded: frozenset[str] = frozenset()
    """Containers of whose layers a setting says of what kind each is, by their paths in it."""
    ways: tuple[Way, ...] = (Way(),)
    """What each different call of the module runs."""
    tables: tuple[Table, ...] = ()

    @property
    def functions(self) -> tuple[t.Function, ...]:
        """The bodies of all methods."""
        return tuple(method.function for method in self.methods)


@dataclass(eq=False)
class Type:
    """A struct or function of the generated file."""

    token: str
    """Stands for the name in trees until all types are known."""
    cls: str
    kind: str
    definition: Definition
    """With parameters in the place of numbers that vary."""
    parameters: tuple[tuple[str, str], ...]
    """Name and Rust type of each number that instances differ in."""
    held: frozenset[str]
    """Parameters that a method reads, which are fields of the struct."""
    layouts: tuple[tuple[Layout, ...], ...]
    """How the results of each method lie in memory."""
    needs_config: bool
    needs_vb: bool
    takes_struct: bool = False
    """Whether `new` takes its numbers as one struct, being too many to tell apart in a call."""
    config: dict[str, int | float] = field(default_factory=dict[str, "int | float"])
    """Fields of `Config` that it reads."""
    attributes: set[str] = field(default_factory=set[str])
    """The names under which its instances are held."""
    paths: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Instance:
    """A type, the numbers of one instance, and the method that one call runs."""

    type: Type
    values: tuple[t.Expr, ...]
    """Numbers; variables where a table or an option gives them."""
    method: int = 0
    sizes: tuple[Size, ...] = ()
    """What the caller passes for the sizes that the method takes."""
    arguments: tuple[t.Expr, ...] = ()
    """Numbers that calls of the method differ in."""

    @property
    def function(self) -> str:
        """The name of the method."""
        return self.type.definition.methods[self.method].function.name

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """How the results lie in memory."""
        return self.type.layouts[self.method]


def unify(
    definitions: list[Definition], token: str, config: ConfigFields
) -> tuple[Type, list[tuple[t.Expr, ...]]]:
    """Makes one type of definitions with one skeleton; returns it and the numbers of each.

    `config` holds the fields of `Config` so far, and receives new ones.
    """
    first = definitions[0]
    columns = list(zip(*(list(_numbers(d)) for d in definitions), strict=True))
    groups = _group(columns, first)
    if first.kind == "function" and groups.numbers:
        groups.numbers, groups.computed = take_settings(groups.numbers, config)
        groups.in_forward = set(groups.numbers)
    elif first.kind == "struct":
        groups.multiples = find_multiples(groups.numbers, groups.in_forward)
        groups.numbers = {k: v for k, v in groups.numbers.items() if k not in groups.multiples}
    hidden = _hidden_names(first, columns, groups)
    names, taken = _name_parameters(first, groups, hidden, config)
    held = Held(first.cls, config, taken)
    exprs = [
        _expression(column, position, groups, names, first.kind, config)
        or _shared(column[0], held, in_new=position < groups.first_of_forward)
        for position, column in enumerate(columns)
    ]
    definition = _substitute(first, iter(exprs))
    definition = replace(definition, fields=(*definition.fields, *held.fields.values()))
    found_config = held.used
    parameters = tuple((name, groups.numbers[key][0].type) for key, name in names.items())
    needs_config = first.needs_config or bool(found_config)
    needs_vb = mentions((definition.fields, definition.setup), "vb")
    others = len(first.passed) + int(needs_config) + int(needs_vb)
    made = Type(
        token=token,
        cls=first.cls,
        kind=first.kind,
        definition=definition,
        parameters=parameters,
        held=frozenset(names[key] for key in groups.in_forward if first.kind == "struct"),
        layouts=tuple(
            _worst(methods) for methods in zip(*(d.methods for d in definitions), strict=True)
        ),
        needs_config=needs_config,
        needs_vb=needs_vb,
        takes_struct=first.kind == "struct" and len(parameters) + others > MOST_ARGUMENTS,
        config=found_config,
    )
    return made, [_values(groups, row) for row in range(len(definitions))]


def _worst(methods: tuple[Method, ...]) -> tuple[Layout, ...]:
    """Returns the layouts of one method's results that hold for every instance."""
    return tuple(max(both) for both in zip(*(m.layouts for m in methods), strict=True))


def _values(groups: _Groups, row: int) -> tuple[t.Expr, ...]:
    return tuple(
        t.Number(column[row].value, column[0].type, column[0].role)
        for column in groups.numbers.values()
    )


def _hidden_names(
    first: Definition, columns: list[tuple[t.Number, ...]], groups: _Groups
) -> dict[Column, frozenset[str]]:
    """Returns for each column the variables that closures and patterns bind where it is read.

    What a function takes is not called as any variable of its body.
    """
    if first.kind == "function":
        return dict.fromkeys(groups.numbers, frozenset(bound_in(first.functions)))
    found: dict[Column, frozenset[str]] = {}
    for column, bound in zip(columns, scopes((first.fields, first.setup)), strict=False):
        found[_column(column)] = found.get(_column(column), frozenset()) | bound
    return found


def _name_parameters(
    first: Definition,
    groups: _Groups,
    hidden: Mapping[Column, frozenset[str]],
    config: ConfigFields,
) -> tuple[dict[Column, str], Names]:
    """Returns a name for each number that varies, after the first role that it has.

    A number is not called like a variable that would hide it.
    Also returns the names that fields of the struct have, or must not have.
    """
    names = Names({"cfg", "vb", *first.passed})
    taken = Names({*(name for name, _, _ in first.fields), *names.taken})
    taken.taken |= {param.name for function in first.functions for param in function.params}
    found: dict[Column, str] = {}
    for key, column in groups.numbers.items():
        wanted = _python_name(column, config) or parameter_name(column[0])
        if key in groups.in_forward:
            # A number that `forward` reads is a field, and must not be called like another.
            wanted = taken.fresh(wanted)
        found[key] = Names(names.taken | hidden.get(key, frozenset())).fresh(wanted)
        names.taken.add(found[key])
    taken.taken |= set(found.values())
    return found, taken


def _python_name(column: tuple[t.Number, ...], config: ConfigFields) -> str:
    """Returns the name that Python has for a number, if it is the same in all instances.

    `dims_0` of the first stage would be wrong for the second.
    """
    names = {config.name_of(number.value) for number in column}
    return names.pop() if len(names) == 1 else ""


def _expression(
    column: tuple[t.Number, ...],
    position: int,
    groups: _Groups,
    names: Mapping[Column, str],
    kind: str,
    config: ConfigFields,
) -> t.Expr | None:
    """Returns the field or argument that a number is; None for one that all instances share."""
    key = _column(column)
    if key in groups.computed:
        return compute(groups.computed[key], key[0], names, groups.numbers, config)
    if key in groups.multiples:
        base, factor = groups.multiples[key]
        return t.Binary("*", t.Local(names[base], copy=True), t.usize(factor))
    name = names.get(key)
    if name is None:
        return None
    if position >= groups.first_of_forward and kind == "struct":
        return t.Field(t.Local("self", borrowed=True), name)
    return t.Local(name, copy=True)


@dataclass
class _Groups:
    first_of_forward: int
    """The first place that belongs to `forward`; those before it belong to `new`."""
    numbers: dict[Column, tuple[t.Number, ...]]
    """The columns that vary, each with its numbers."""
    in_forward: set[Column]
    """Those of them that `forward` reads."""
    computed: dict[Column, Formula] = field(default_factory=dict["Column", Formula])
    """Columns that a function computes of the others."""
    multiples: dict[Column, tuple[Column, int]] = field(
        default_factory=dict["Column", "tuple[Column, int]"]
    )
    """Columns that `new` computes: another one, and what it is multiplied by."""


def _column(column: tuple[t.Number, ...]) -> Column:
    return column[0].type, tuple(map(identity, column))


def identity(expr: t.Expr) -> Hashable:
    """Returns what tells a number from others, also from one that follows from settings."""
    if not isinstance(expr, t.Number):
        return expr
    if isinstance(expr.value, tuple):
        return tuple(map(identity, expr.value))
    return exact(expr.value)


def _group(columns: list[tuple[t.Number, ...]], first: Definition) -> _Groups:
    """Finds the columns in which instances differ; equal columns are one argument.

    What follows from settings is an argument of a function, which sees no `Config`.
    """
    groups = _Groups(len(list(numbers((first.fields, first.setup)))), {}, set())
    for position, column in enumerate(columns):
        key = _column(column)
        alike = len(set(key[1])) == 1
        if alike and not (first.kind == "function" and follows_settings(column[0].value)):
            continue
        groups.numbers.setdefault(key, column)
        if position >= groups.first_of_forward:
            groups.in_forward.add(key)
    return groups


def signature(definition: Definition) -> object:
    """Returns what two definitions must share to be of one type."""
    names = tuple(function.name for function in definition.functions)
    return construction(definition), names, shape(definition.functions)


def construction(definition: Definition) -> object:
    """Returns what two definitions share whose instances are made alike."""
    return (
        definition.kind,
        definition.cls,
        definition.passed,
        definition.needs_config,
        definition.tables,
        skeleton(definition.fields),
        skeleton(definition.setup),
    )


def _numbers(definition: Definition) -> Iterator[t.Number]:
    yield from numbers(definition.fields)
    yield from numbers(definition.setup)
    yield from numbers(definition.functions)


def _substitute(definition: Definition, exprs: Iterator[t.Expr]) -> Definition:
    fields = replace_numbers(definition.fields, exprs)
    setup = replace_numbers(definition.setup, exprs)
    functions = replace_numbers(definition.functions, exprs)
    methods = tuple(
        replace(method, function=function)
        for method, function in zip(definition.methods, functions, strict=True)
    )
    return replace(definition, fields=fields, setup=setup, methods=methods)


def _shared(number: t.Number, held: Held, *, in_new: bool) -> t.Expr:
    """Returns a number that all instances share: itself, or what it follows from."""
    if follows_settings(number.value):
        made = held.in_new if in_new else held.in_method
        return made(number, parameter_name(number))
    if not number.role.startswith(CONFIG):
        return number
    if held.config.origins.is_learned:
        # How often a loop runs is no setting where it was seen to follow from none.
        return replace(number, role=number.role.removeprefix(CONFIG))
    assert isinstance(number.value, int)
    name = held.config.count(number.role.removeprefix(CONFIG), number.value)
    held.used[name] = number.value
    return t.Field(t.Local("cfg", borrowed=True), name)


def parameter_name(number: t.Number) -> str:
    """Returns a name for an argument that a number becomes, after its role."""
    role = number.role.removeprefix(CONFIG)
    return snake(role) if role else {"f64": "scale"}.get(number.type, "size")
