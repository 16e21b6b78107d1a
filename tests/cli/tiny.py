"""A manifest written by hand: one linear layer, and an op after it."""

from pycandle.manifest.schema import (
    Atom,
    Call,
    Entry,
    FixedDim,
    Frame,
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


def tiny_manifest(op: str = "aten.gelu.default") -> Manifest:
    """Returns the manifest of `op(linear(x))` with x f32[s0, 4]."""
    result = TensorValue("float32", ["s0", 3])
    leaf = Leaf(Atom(node="x"))
    entry = Entry(
        name="forward",
        inputs=[Input("x", "x", TensorValue("float32", ["s0", 4]))],
        state={"p_weight": "fc.weight", "p_bias": "fc.bias"},
        nodes=[
            Node(
                "linear",
                "aten.linear.default",
                [Atom(node="x"), Atom(node="p_weight"), Atom(node="p_bias")],
                value=result,
                call=1,
            ),
            Node(
                "out", op, [Atom(node="linear")], value=result, call=0, frames=0, variable="return"
            ),
        ],
        calls=[
            Call("", 0, None, {"x": leaf}, Leaf(Atom(node="out"))),
            Call("fc", 0, 0, {"input": leaf}, Leaf(Atom(node="linear"))),
        ],
        signature={"x": leaf},
        output=Leaf(Atom(node="out")),
        symbols=[Symbol("s0", 2, None, 2)],
        fixed=[FixedDim("x", 1, 4, "project/my_model.py:9")],
        records=[Record({"x": [2, 4]})],
    )
    return Manifest(
        format="pycandle-manifest",
        version=1,
        name="tiny",
        pycandle="0.1.0",
        model="my_model.Tiny",
        versions={"torch": "2.15.0"},
        device="meta",
        dtype="float32",
        trace="tiny_trace.safetensors",
        modules=[
            Module("", "my_model.Tiny", file="project/my_model.py", line=5),
            Module("fc", "torch.nn.modules.linear.Linear"),
        ],
        state=[
            StateTensor("fc.weight", "parameter", "float32", [3, 4]),
            StateTensor("fc.bias", "parameter", "float32", [3]),
        ],
        frames=[Frame("project/my_model.py", 12, "Tiny.forward", "return f(self.fc(x))")],
        stacks=[[0]],
        entries=[entry],
    )
