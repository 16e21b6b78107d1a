"""The types of a manifest: what the recorder writes and everything else reads.

The manifest mirrors the exported program. It knows neither Candle nor Rust.
Sizes are integers, or expressions in symbols such as ``"2*s0 + 1"`` (see `manifest.sizes`).
"""

# msgspec omits a default only where its factory is `list` or `dict` itself, untyped.
# pyright: reportUnknownVariableType=false

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

from pycandle.manifest.learned import Configuration, Learned

FORMAT_VERSION = 2
"""Raised when a reader of the older version would misread a manifest.

Version 2 has `learned.kinds`; a manifest without is of version 1.
"""

Size: TypeAlias = int | str


class Atom(Struct, omit_defaults=True, frozen=True, forbid_unknown_fields=True):
    """A value that JSON has no form for. Exactly one field is set."""

    node: str | None = None
    """The value of a node, an input or a state tensor of this entry, by name."""
    size: str | None = None
    """An integer that is an expression in symbols."""
    dtype: str | None = None
    """A dtype by torch's name, `float32`."""
    device: str | None = None
    """`model` for the device of the model and its inputs, else a device by torch's name."""
    layout: str | None = None
    memory_format: str | None = None
    nonfinite: Literal["inf", "-inf", "nan"] | None = None
    complex: list[float] | None = None


Item: TypeAlias = bool | int | float | str | Atom | None

Argument: TypeAlias = Item | list[Item]
"""ATen schemas nest no deeper than a list of values."""


class TensorValue(Struct, tag="tensor", frozen=True):
    """What is known of a tensor before it is computed."""

    dtype: str
    shape: list[Size]


class ScalarValue(Struct, tag="scalar", frozen=True):
    """A number computed from sizes or read from a tensor."""

    kind: Literal["int", "float", "bool"]
    expression: Size | None = None
    """In symbols, where it is known; integers only."""


class ListValue(Struct, tag="list", frozen=True):
    """The results of an op with several, or an optional result that is absent."""

    items: list[TensorValue | ScalarValue | None]


Value: TypeAlias = TensorValue | ScalarValue | ListValue


class Node(Struct, omit_defaults=True, frozen=True):
    """One op of the exported program, in execution order."""

    name: str
    target: str
    """`aten.add.Tensor`, `operator.getitem`, `math.trunc`, `torch.sym_max` ..."""
    args: list[Argument] = field(default_factory=list)
    kwargs: dict[str, Argument] = field(default_factory=dict)
    value: Value | None = None
    """None for an op without a result, such as an assertion."""
    call: int = 0
    """The innermost module call that it belongs to: an index into `Entry.calls`."""
    frames: int | None = None
    """The Python functions between the module's `forward` and the op: into `Manifest.stacks`."""
    variable: str | None = None
    """What Python assigns the value to: `q`, `q, k, v`, `self.scale`, or `return`."""
    function: int | None = None
    """The innermost Python function that it stands in, beside `forward`: into `Entry.functions`."""
    cast: Literal["input_dtype", "fixed"] | None = None
    """For an op with a float dtype argument: whether the dtype follows the model's or is fixed."""


class Leaf(Struct, tag="leaf", frozen=True):
    """A tensor (an `Atom` with `node`), or a plain value."""

    value: Argument


class Sequence(Struct, tag="sequence", frozen=True):
    """A tuple or a list."""

    kind: Literal["tuple", "list"]
    items: list[Tree]


class Mapping(Struct, tag="mapping", omit_defaults=True, frozen=True):
    """A dict, a dataclass or a named tuple."""

    fields: dict[str, Tree]
    cls: str | None = None
    """The qualified name of the class; None for a dict."""


class Opaque(Struct, tag="opaque", frozen=True):
    """An object that is neither data nor a container of data, such as a configuration."""

    cls: str


Tree: TypeAlias = Leaf | Sequence | Mapping | Opaque


class Call(Struct, omit_defaults=True, frozen=True):
    """One call of one module, as a forward hook saw it."""

    module: str
    """The FQN, as `named_modules()` first names the module; empty for the root."""
    index: int
    """Counts the calls of the same module, from 0."""
    parent: int | None = None
    """The call that made this one; None for the root's."""
    inputs: dict[str, Tree] = field(default_factory=dict)
    """By the names of `forward`'s parameters; leaves that are tensors name nodes."""
    output: Tree | None = None
    function: int | None = None
    """The Python function that calls it, where that is not the parent's `forward`."""
    frames: int | None = None
    """The line that calls it, and the functions around that line: into `Manifest.stacks`."""
    variable: str | None = None
    """What Python assigns its result to."""


class FunctionCall(Struct, omit_defaults=True, frozen=True):
    """One call of a Python function, or of a method other than `forward`, that computes nodes."""

    function: str
    """Its qualified name within its file: `apply_rotary_pos_emb`, `Block.attend`."""
    file: str
    line: int
    """Of its definition."""
    call: int
    """The module call that it belongs to: an index into `Entry.calls`."""
    parent: int | None = None
    """The function around it; None for one that `forward` calls."""
    inputs: dict[str, Tree] = field(default_factory=dict)
    """By its parameters' names; leaves that are tensors name nodes."""
    variable: str | None = None
    """What Python assigns its result to."""


class Symbol(Struct, omit_defaults=True, frozen=True):
    """A size that is free: `lower <= name <= upper`."""

    name: str
    lower: int
    upper: int | None = None
    recorded: int | None = None
    """The size that the model was recorded with."""


class Condition(Struct, omit_defaults=True, frozen=True):
    """What holds for the free sizes beside their ranges, because the model's code asked.

    For other sizes the model computes something else.
    """

    left: Size
    relation: Literal["==", "!=", "<", "<="]
    right: Size
    except_one: str | None = None
    """The symbol that may be 1 all the same."""
    asked: str | None = None
    """The line of the model's code."""


class FixedDim(Struct, omit_defaults=True, frozen=True):
    """A dim of an input whose size the model fixes."""

    input: str
    dim: int
    size: int
    reason: str | None = None


class Input(Struct, omit_defaults=True, frozen=True):
    """A tensor that the caller passes."""

    node: str
    path: str
    """Parameter name, and keys or indices inside it, joined by dots."""
    value: TensorValue
    used: bool = True
    index_below: Size | None = None
    """For integers that reach an embedding or an index: the smallest size that they index."""


class Record(Struct, omit_defaults=True, frozen=True):
    """One `recorder.record(...)`: a set of inputs."""

    sizes: dict[str, list[int]]
    """The shape of each input, by path."""
    golden: bool = False
    """Whether the trace holds inputs, outputs and every call's output of this record."""
    number: int | None = None
    """The K of `record.K/` in the trace; None where it is the position in `Entry.records`."""


class NodeFormulas(Struct, frozen=True):
    """Numbers of nodes that follow from the settings; the same in each of the nodes."""

    nodes: list[str]
    """Names of nodes and of inputs; `condition.0` for the first of `Entry.conditions`."""
    formulas: dict[str, int]
    """By place (`args.1.2`, `kwargs.scale`, `value.0`, `left`): indices into `Learned.formulas`."""


class Entry(Struct, omit_defaults=True, frozen=True):
    """One exported program: what `forward` (or another method of the model) computes."""

    name: str
    inputs: list[Input]
    state: dict[str, str]
    """Node name to the canonical name of the state tensor that it reads."""
    nodes: list[Node]
    calls: list[Call]
    signature: dict[str, Tree]
    """The arguments as given, by parameter name; tensors as inputs' node names."""
    output: Tree
    functions: list[FunctionCall] = field(default_factory=list)
    symbols: list[Symbol] = field(default_factory=list)
    fixed: list[FixedDim] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What the recorder did that the user did not ask for, one sentence each."""
    dtype_generic: bool = True
    """Whether the same program holds for every float dtype of the model."""
    dtype_reason: str | None = None
    numbers: list[NodeFormulas] = field(default_factory=list)
    """What is known of its numbers, where `Manifest.learned` is there."""


class StateTensor(Struct, omit_defaults=True, frozen=True):
    """A tensor that the model owns. Tied tensors are one entry, under their first name."""

    name: str
    kind: Literal["parameter", "persistent_buffer", "non_persistent_buffer", "constant"]
    dtype: str
    shape: list[int]
    aliases: list[str] = field(default_factory=list)
    """Its other names in the state dict."""
    used: bool = True
    """Whether any entry reads it. What nothing reads is neither required nor written."""


class Module(Struct, omit_defaults=True, frozen=True):
    """A module of the model."""

    path: str
    cls: str
    """The qualified name of its class."""
    container: Literal["sequential", "list", "dict"] | None = None
    file: str | None = None
    line: int | None = None
    aliases: list[str] = field(default_factory=list)
    """Other paths to the same module."""


class Frame(Struct, omit_defaults=True, frozen=True):
    """A line of Python that was executing."""

    file: str
    """`site-packages/...`, `project/...` or `stdlib/...`."""
    line: int
    function: str
    """The qualified name within the file: `LlamaAttention.forward`."""
    text: str | None = None


class Manifest(Struct, omit_defaults=True, frozen=True):
    """A recorded model."""

    format: Literal["pycandle-manifest"]
    version: int
    name: str
    pycandle: str
    """The version of PyCandle that recorded it."""
    model: str
    """The qualified name of the root module's class."""
    versions: dict[str, str]
    """Versions of torch and of the packages that the model's classes come from."""
    device: Literal["meta", "cpu"]
    dtype: str
    """The float dtype of the model's parameters; `float32` where it has none."""
    trace: str
    """The file name of the trace, beside the manifest."""
    modules: list[Module]
    state: list[StateTensor]
    frames: list[Frame]
    stacks: list[list[int]]
    """Chains of frames, innermost first: indices into `frames`."""
    entries: list[Entry]
    recipes: Entry | None = None
    """How tensors that no checkpoint holds are computed: a mapping of them by canonical name."""
    configuration: Configuration | None = None
    learned: Learned | None = None
