"""A small model by hand: its manifest and its Rust, with what a compiler would make of it."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    Sequence,
    StateTensor,
    Symbol,
    TensorValue,
)

RUST = """\
//! A model for the tests of the harness.

use candle_core::{Module, Result, Tensor, D};
use candle_nn::{embedding, linear, Embedding, Linear, VarBuilder};

use crate::tap; // tap

pub struct Config {
    pub hidden_size: usize,
    pub vocab_size: usize,
    pub num_labels: usize,
}

impl Config {
    pub fn recorded() -> Self {
        Self {
            hidden_size: 6,
            vocab_size: 11,
            num_labels: 5,
        }
    }
}

struct Block {
    linear: Linear,
    tap: tap::Point, // tap
}

impl Block {
    fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        let size = cfg.hidden_size;
        Ok(Self {
            tap: tap::Point::new(vb.prefix()), // tap
            linear: linear(size, size, vb.pp("linear"))?,
        })
    }

    fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        tap::call(&self.tap, || { // tap
        self.linear.forward(xs)?.relu()? + xs
        }) // tap
    }
}

pub struct Tiny {
    embed: Embedding,
    blocks: Vec<Block>,
    head: Linear,
    scale: Tensor,
}

impl Tiny {
    pub fn new(cfg: &Config, vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            embed: embedding(cfg.vocab_size, cfg.hidden_size, vb.pp("embed"))?,
            blocks: (0..2)
                .map(|i| Block::new(cfg, vb.pp("blocks").pp(i)))
                .collect::<Result<_>>()?,
            head: linear(cfg.hidden_size, cfg.num_labels, vb.pp("head"))?,
            scale: vb.get(cfg.hidden_size, "scale")?,
        })
    }

    pub fn forward(&self, x: &Tensor, ids: &Tensor) -> Result<(Tensor, Tensor, Tensor)> {
        let mut xs = (x + self.embed.forward(ids)?)?;
        for block in &self.blocks {
            xs = block.forward(&xs)?;
        }
        let xs = self.head.forward(&xs.broadcast_mul(&self.scale)?)?;
        let best = xs.argmax(D::Minus1)?.to_dtype(candle_core::DType::I64)?;
        let mask = xs.gt(0.0)?;
        Ok((xs, best, mask))
    }
}
"""


@dataclass(frozen=True)
class TinyEntry:
    """Stands for an entry point of generated code."""

    name: str
    method: str
    inputs: tuple[tuple[str, str, tuple[int | str, ...]], ...]
    outputs: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class TinyGenerated:
    """Stands for generated code."""

    files: dict[str, str]
    tapped: dict[str, str]
    root: str
    entries: tuple[TinyEntry, ...]
    source_map: dict[str, dict[str, int]] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    fixed: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()


OUTPUTS = (
    ("output.0", ".0", "float32"),
    ("output.1", ".1", "int64"),
    ("output.2", ".2", "bool"),
)


def generated(
    tapped: str = RUST, outputs: tuple[tuple[str, str, str], ...] = OUTPUTS
) -> TinyGenerated:
    """Returns the model's code; the plain text is the tapped one without its taps."""
    plain = "".join(line for line in tapped.splitlines(True) if not line.endswith("// tap\n"))
    inputs = (("x", "float32", ("s0", 6)), ("ids", "int64", ("s0",)))
    entries = (TinyEntry("forward", "forward", inputs, outputs),)
    forward = "    fn forward(&self, xs: &Tensor) -> Result<Tensor> {"
    line = plain.splitlines().index(forward) + 1
    lines = {"forward": {f"blocks.{i}@0": line for i in range(2)}}
    return TinyGenerated({"model.rs": plain}, {"model.rs": tapped}, "Tiny", entries, lines)


def manifest(name: str = "tiny") -> Manifest:
    """Returns the manifest, with only what verification reads in its graph."""
    return Manifest(
        format="pycandle-manifest",
        version=1,
        name=name,
        pycandle="0.1.0",
        model="demo.Tiny",
        versions={"torch": "2.15.0"},
        device="meta",
        dtype="float32",
        trace=f"{name}_trace.safetensors",
        modules=[
            Module("", "demo.Tiny", file="project/demo.py", line=20),
            *(Module(f"blocks.{i}", "demo.Block", file="project/demo.py", line=8) for i in (0, 1)),
        ],
        state=[
            StateTensor("scale", "parameter", "float32", [6]),
            StateTensor("embed.weight", "parameter", "float32", [11, 6]),
            *_linear("blocks.0.linear", 6, 6),
            *_linear("blocks.1.linear", 6, 6),
            *_linear("head", 5, 6),
        ],
        frames=[],
        stacks=[],
        entries=[entry()],
    )


def entry() -> Entry:
    """Returns the entry: `x` and `ids` in, a tuple of three out."""
    hidden = TensorValue("float32", ["s0", 6])
    leaves = [Leaf(Atom(node=node)) for node in ("logits", "best", "mask")]
    return Entry(
        name="forward",
        inputs=[
            Input("x", "x", hidden),
            Input("ids", "ids", TensorValue("int64", ["s0"]), index_below=11),
        ],
        state={
            "p_scale": "scale",
            "p_embed": "embed.weight",
            "p_w": "head.weight",
            "p_b": "head.bias",
        },
        nodes=[
            Node("embedded", "aten.embedding.default", [Atom(node="p_embed"), Atom(node="ids")]),
            Node("scaled", "aten.mul.Tensor", [Atom(node="x"), Atom(node="p_scale")]),
            Node(
                "logits",
                "aten.linear.default",
                [Atom(node="scaled"), Atom(node="p_w"), Atom(node="p_b")],
            ),
        ],
        calls=[
            Call("", 0, output=Sequence("tuple", leaves)),
            *(Call(f"blocks.{i}", 0, parent=0, output=Leaf(Atom(node=f"b{i}"))) for i in (0, 1)),
        ],
        signature={},
        output=Sequence("tuple", leaves),
        symbols=[Symbol("s0", 2, None, 3)],
        records=[Record({"x": [3, 6], "ids": [3]})],
    )


def _linear(name: str, rows: int, columns: int) -> list[StateTensor]:
    return [
        StateTensor(f"{name}.weight", "parameter", "float32", [rows, columns]),
        StateTensor(f"{name}.bias", "parameter", "float32", [rows]),
    ]
