"""Generates the Rust of a manifest."""

from __future__ import annotations

from dataclasses import dataclass

from pycandle.codegen.bodies.entry import Face
from pycandle.codegen.config.definition import setting_paths
from pycandle.codegen.program import Program
from pycandle.codegen.proved import build_proved
from pycandle.codegen.source.assemble import assemble
from pycandle.codegen.source.kernels import runtime_module
from pycandle.codegen.source.modules import MOST_LINES, print_files
from pycandle.codegen.source.table_taps import add_table_taps
from pycandle.codegen.source.taps import add_taps, source_places
from pycandle.codegen.source.type_text import render_config, render_types
from pycandle.codegen.stages import Watch
from pycandle.codegen.structure.bypassed import find_bypassed
from pycandle.ir.graph import Graph, Output
from pycandle.ir.types import TensorType
from pycandle.manifest.schema import Input, Manifest
from pycandle.rust.rustfmt import format_rust
from pycandle.version import CANDLE_VERSION

Size = int | str


@dataclass(frozen=True)
class EntryPoint:
    """How a caller runs one method of the root struct."""

    name: str
    method: str
    """Its name in Rust."""
    inputs: tuple[tuple[str, str, tuple[Size, ...]], ...]
    """Path, dtype by torch's name and shape of each parameter, in order; each is a `&Tensor`."""
    outputs: tuple[tuple[str, str, str], ...]
    """Path, what Rust appends to the returned value to get there, and the dtype."""


@dataclass(frozen=True)
class Generated:
    """The Rust of one manifest, formatted."""

    files: dict[str, str]
    """By path: `model.rs`, `model/runtime.rs` where it is needed, and those of a model's classes
    where one file would be long."""
    tapped: dict[str, str]
    """The same with taps."""
    model: str
    """The qualified name of the PyTorch class."""
    dtype: str
    """The float dtype that it was recorded in, by torch's name."""
    root: str
    """The name of the public struct."""
    public: tuple[str, ...]
    """All names that the file makes public."""
    entries: tuple[EntryPoint, ...]
    source_map: dict[str, dict[str, str]]
    """By entry, where in the plain files the method of a call, `module@index`, begins: `FILE:LINE`,
    the line counted from 1."""
    inlined: tuple[str, ...]
    """FQNs of modules whose boundaries could not be kept."""
    unknown_literals: tuple[str, ...]
    """Hyper-parameters in the code whose origin in the model's configuration is not known."""
    settings: dict[str, tuple[str, ...]]
    """By field of `Config`, the path of the setting that it is, or of each item of a list."""
    fixed: tuple[str, ...]
    """Settings that the code holds as recorded, because what it is for others is not proved."""
    computed: tuple[str, ...]
    """Tensors that `new` computes, by canonical name: the weights file need not have them."""
    stored: dict[str, str]
    """Those that no checkpoint holds and the weights file must have, each with the reason."""
    dependencies: str
    """Lines for `[dependencies]` of a `Cargo.toml`."""


def generate(
    manifest: Manifest,
    *,
    disabled: frozenset[str] = frozenset(),
    watch: Watch | None = None,
    most_lines: int = MOST_LINES,
) -> Generated:
    """Returns the Rust of a manifest. Raises PyCandleError with every gap at once.

    `disabled`: names of passes to leave out. `watch` sees what each stage makes.
    A file of more than `most_lines` becomes one for each class.
    """
    program = build_proved(manifest, disabled, watch)
    graphs = program.graphs
    made = assemble(program, manifest)
    files = print_files(made.parts, made.doc, has_runtime=bool(made.kernels), most_lines=most_lines)
    if watch is not None:
        watch.see("types", lambda: render_types(program, made.names))
        watch.see("config", lambda: render_config(program))
        watch.see("rust", lambda: "\n".join(files.values()).rstrip())
    tapped_structs = {struct for calls in made.calls for struct, _ in calls.values()}
    tapped = {
        name: add_table_taps(add_taps(text, tapped_structs), made.tables)
        for name, text in files.items()
    }
    source_map = {
        graph.name: source_places(files, calls)
        for graph, calls in zip(graphs, made.calls, strict=True)
    }
    if made.kernels:
        files["model/runtime.rs"] = format_rust(runtime_module(made.kernels))
        tapped["model/runtime.rs"] = files["model/runtime.rs"]
    output_structs = [face.struct.name for face in made.faces if face.struct is not None]
    return Generated(
        files=files,
        tapped=tapped,
        model=manifest.model,
        dtype=manifest.dtype,
        root=made.root,
        public=(
            "Config",
            *(field.type for field in made.kinds),
            made.root,
            *dict.fromkeys(output_structs),
        ),
        entries=tuple(
            _entry_point(graph, program.instances[call].function, entry.inputs, face)
            for graph, call, entry, face in zip(
                graphs, program.roots, manifest.entries, made.faces, strict=True
            )
        ),
        source_map=source_map,
        inlined=tuple(dict.fromkeys([*program.inlined, *find_bypassed(graphs, manifest.modules)])),
        unknown_literals=made.literals,
        settings=setting_paths(program.config, made.kinds),
        fixed=(*program.fixed, *_fixed_lists(program, manifest)),
        computed=tuple(program.recipes.found),
        stored=program.recipes.refused,
        dependencies=dependencies(),
    )


def _fixed_lists(program: Program, manifest: Manifest) -> list[str]:
    """Returns the lists of layer kinds that the code holds as they were recorded."""
    kinds = manifest.learned.kinds if manifest.learned is not None else []
    return [item.setting for item in kinds if item.module not in program.kinded]


def dependencies() -> str:
    """Returns what generated code depends on, as lines of a `Cargo.toml`."""
    return f'candle-core = "={CANDLE_VERSION}"\ncandle-nn = "={CANDLE_VERSION}"\n'


def _entry_point(graph: Graph, method: str, inputs: list[Input], face: Face) -> EntryPoint:
    outputs = [output for output in graph.outputs if output.value is not None]
    return EntryPoint(
        name=graph.name,
        method=method,
        inputs=tuple((item.path, item.value.dtype, tuple(item.value.shape)) for item in inputs),
        outputs=tuple(
            (output.path, accessor, _dtype(output))
            for output, accessor in zip(outputs, face.accessors, strict=True)
        ),
    )


def _dtype(output: Output) -> str:
    assert output.value is not None
    assert isinstance(output.value.type, TensorType)
    return output.value.type.dtype
