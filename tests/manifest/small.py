"""A small manifest that is right, to break in one place at a time."""

from typing import Any

import msgspec

from pycandle.manifest.schema import (
    Atom,
    Call,
    Entry,
    FixedDim,
    Frame,
    FunctionCall,
    Input,
    Leaf,
    Manifest,
    Module,
    Node,
    Record,
    StateTensor,
    Symbol,
    TensorValue,
)


def small_manifest() -> Manifest:
    """`forward(x)` is `relu(linear(x))`, from a method `act`."""
    x = Leaf(Atom(node="x"))
    node = Leaf(Atom(node="relu"))
    value = TensorValue("float32", ["2*s0", 3])
    entry = Entry(
        name="forward",
        inputs=[Input("x", "x", TensorValue("float32", ["s0", 4]))],
        state={"p_weight": "proj.weight"},
        nodes=[
            Node("linear", "aten.linear.default", [Atom(node="x"), Atom(node="p_weight")], call=1),
            Node("relu", "aten.relu.default", [Atom(node="linear")], value=value, function=0),
        ],
        calls=[Call("", 0, None, {"x": x}, node), Call("proj", 0, 0, frames=0)],
        signature={"x": x},
        output=node,
        functions=[FunctionCall("Net.act", "project/net.py", 4, 0)],
        symbols=[Symbol("s0", 1, None, 2)],
        fixed=[FixedDim("x", 1, 4)],
        records=[Record({"x": [2, 4]})],
    )
    return Manifest(
        format="pycandle-manifest",
        version=1,
        name="net",
        pycandle="0.1.0",
        model="net.Net",
        versions={"torch": "2.15.0"},
        device="meta",
        dtype="float32",
        trace="net_trace.safetensors",
        modules=[Module("", "net.Net"), Module("proj", "torch.nn.modules.linear.Linear")],
        state=[StateTensor("proj.weight", "parameter", "float32", [3, 4])],
        frames=[Frame("project/net.py", 9, "Net.forward", "return self.act(self.proj(x))")],
        stacks=[[0]],
        entries=[entry],
    )


def changed(path: tuple[Any, ...], value: Any) -> bytes:
    """Returns the small manifest's file with one value replaced; keys and indices are the path."""
    content = msgspec.to_builtins(small_manifest())
    place: Any = content
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return msgspec.json.encode(content)
