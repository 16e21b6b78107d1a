"""A manifest written by hand with very many modules."""

from pycandle.manifest.schema import (
    Atom,
    Call,
    Entry,
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


def many_modules(blocks: int, layers: tuple[str, ...] = ("fc1", "fc2", "fc3")) -> Manifest:
    """Returns the manifest of a list of blocks, each of linear layers in a row."""
    value = TensorValue("float32", ["s0", 4])
    nodes: list[Node] = []
    calls = [Call("", 0, None, {"x": _leaf("x")}, _leaf(f"n{len(layers) * blocks - 1}"))]
    modules = [Module("", "many.Many", file="many.py", line=1)]
    modules.append(Module("blocks", "torch.nn.modules.container.ModuleList", container="list"))
    state: dict[str, str] = {}
    last = "x"
    for block in range(blocks):
        path, around = f"blocks.{block}", len(calls)
        modules.append(Module(path, "many.Block", file="many.py", line=9))
        calls.append(
            Call(path, 0, 0, {"x": _leaf(last)}, _leaf(f"n{len(layers) * (block + 1) - 1}"))
        )
        for number, kind in enumerate(layers):
            name, weight = f"n{len(layers) * block + number}", f"p_{block}_{kind}"
            modules.append(Module(f"{path}.{kind}", "torch.nn.modules.linear.Linear"))
            calls.append(Call(f"{path}.{kind}", 0, around, {"input": _leaf(last)}, _leaf(name)))
            state[weight] = f"{path}.{kind}.weight"
            args = [Atom(node=last), Atom(node=weight)]
            nodes.append(Node(name, "aten.linear.default", args, value=value, call=len(calls) - 1))
            last = name
    entry = Entry(
        name="forward",
        inputs=[Input("x", "x", value)],
        state=state,
        nodes=nodes,
        calls=calls,
        signature={"x": _leaf("x")},
        output=_leaf(last),
        symbols=[Symbol("s0", 2, None, 2)],
        fixed=[],
        records=[Record({"x": [2, 4]})],
    )
    return Manifest(
        format="pycandle-manifest",
        version=1,
        name="many",
        pycandle="0.1.0",
        model="many.Many",
        versions={},
        device="meta",
        dtype="float32",
        trace="many_trace.safetensors",
        modules=modules,
        state=[StateTensor(name, "parameter", "float32", [4, 4]) for name in state.values()],
        frames=[],
        stacks=[],
        entries=[entry],
    )


def _leaf(node: str) -> Leaf:
    return Leaf(Atom(node=node))
