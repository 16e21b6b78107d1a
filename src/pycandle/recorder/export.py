"""A model and its arguments to an exported program, with the most general sizes that work."""

from __future__ import annotations

import dataclasses
import functools
import gc
import logging
import traceback
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sympy
import torch
import torch.fx.config as fx_config
from torch._subclasses.fake_tensor import DataDependentOutputException
from torch.export import Dim, ExportedProgram, ShapesCollection
from torch.fx.experimental.symbolic_shapes import GuardOnDataDependentSymNode

from pycandle.errors import Place, PyCandleError, refusal
from pycandle.manifest.schema import Condition
from pycandle.manifest.sizes import evaluate
from pycandle.recorder.arguments import Arguments
from pycandle.recorder.autocast import without_idle_autocast
from pycandle.recorder.batched import write_out_mappings
from pycandle.recorder.branches import inline_branches
from pycandle.recorder.capture import Capture, LiteralsOnCpu, OpaqueOutput, capturing
from pycandle.recorder.conditions import conditions_of
from pycandle.recorder.dims import Attempt, attempts
from pycandle.recorder.higher_order import op_of_failure, refusal_of
from pycandle.recorder.same_program import first_difference
from pycandle.recorder.shadow import suspended
from pycandle.recorder.sizes_of import RecordedSizes, SizesDiffer, recorded_sizes
from pycandle.recorder.sources import is_internal, portable_path
from pycandle.recorder.symbols import InexpressibleSize


@dataclass(frozen=True)
class Exported:
    """An exported program, what was seen on the way, and how its sizes were chosen."""

    program: ExportedProgram
    capture: Capture
    attempt: Attempt
    arguments: Arguments
    """With the tensors that were traced."""
    recorded: dict[str, list[int]]
    """The shapes of the user's tensors by path."""
    sizes: RecordedSizes
    notes: list[str] = field(default_factory=list)
    dynamic_shapes: Any = None
    conditions: list[Condition] = field(default_factory=list)


class ExportFailed(Exception):
    """An attempt that did not work, with what torch said."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        super().__init__(str(error))


def export_model(
    model: torch.nn.Module, entry: str, arguments: Arguments, dynamic_shapes: Any
) -> Exported:
    """Returns the program of the first attempt at sizes that works, or the reason why none does."""
    if dynamic_shapes is not None:
        only = Attempt(arguments.shapes(), {})
        try:
            return _attempt(model, entry, arguments, only, dynamic_shapes)
        except ExportFailed as failed:
            raise _refusal(failed.error) from failed.error
    notes: list[str] = []
    error: BaseException | None = None
    for attempt in attempts(arguments.shapes()):
        try:
            exported = _attempt(model, entry, arguments, attempt, None)
        except ExportFailed as failed:
            raised = failed.error
            if is_data_dependent(raised):
                raise _refusal(raised) from raised
            if attempt.shapes == arguments.shapes():
                notes.append(first_line(raised))
            error = raised
            continue
        if attempt.note is not None:
            exported.notes.append(_note(attempt, notes))
        return exported
    assert error is not None
    raise _refusal(error) from error


def _note(attempt: Attempt, reasons: list[str]) -> str:
    return f"{attempt.note}: {reasons[0]}" if reasons else f"{attempt.note}"


def _attempt(
    model: torch.nn.Module,
    entry: str,
    arguments: Arguments,
    attempt: Attempt,
    dynamic_shapes: Any,
) -> Exported:
    exported = export_once(model, entry, arguments, attempt, dynamic_shapes)
    if exported.sizes.above_one:
        exported = _with_ones(model, entry, exported)
    return with_conditions(exported, exported.sizes.above_one)


def with_conditions(exported: Exported, above_one: Mapping[str, str]) -> Exported:
    """Returns the program with what the model's code asked about sizes. Raises ExportFailed.

    `above_one`: the sizes that may not be 1, and why.
    """
    try:
        conditions = conditions_of(exported.capture.answers, exported.sizes.names, above_one)
    except InexpressibleSize as error:
        raise ExportFailed(error) from error
    return dataclasses.replace(exported, conditions=conditions)


def export_once(
    model: torch.nn.Module,
    entry: str,
    arguments: Arguments,
    attempt: Attempt,
    dynamic_shapes: Any,
    *,
    places: bool = True,
) -> Exported:
    """Returns the program of one attempt. Raises ExportFailed.

    `places`: whether to note the lines and variables of Python.
    """
    traced = arguments.with_tensors(
        {path: _resized(item, attempt.shapes[path]) for path, item in arguments.tensors.items()}
    )
    if dynamic_shapes is None:
        dynamic_shapes = shapes_collection(traced, attempt)
    try:
        # The shadows first: modes are a stack, and the last that was entered is left first.
        with (
            suspended(),
            called_as_forward(model, entry),
            capturing(model, places=places) as capture,
        ):
            program = run_export(model, traced, dynamic_shapes)
    except (PyCandleError, OpaqueOutput):
        raise
    except Exception as error:
        raise ExportFailed(error) from error
    try:
        sizes = recorded_sizes(program, traced, arguments.shapes(), capture)
    except (SizesDiffer, InexpressibleSize) as error:
        raise ExportFailed(error) from error
    return Exported(
        program, capture, attempt, traced, arguments.shapes(), sizes, [], dynamic_shapes
    )


def _with_ones(model: torch.nn.Module, entry: str, exported: Exported) -> Exported:
    """Returns the program with a lower bound of 1 for each size that is proved to be right at 1.

    The proof is a second export at that size. A recording at size 1 needs it.
    """
    doubtful = exported.sizes.above_one
    refused: dict[str, str] = {}
    if _difference_at_one(model, entry, exported, list(doubtful)) is not None:
        for name, reason in doubtful.items():
            found = _difference_at_one(model, entry, exported, [name])
            if found is not None:
                refused[name] = f"{reason}; {found}"
    for name, reason in refused.items():
        if exported.sizes.known.get(name) == 1:
            error = SizesDiffer(f"a size was recorded as 1, and that is special: {reason}")
            raise ExportFailed(error) from error
    symbols = [
        msgspec.structs.replace(item, lower=1)
        if item.name in doubtful and item.name not in refused and item.lower == 2
        else item
        for item in exported.sizes.symbols
    ]
    notes = [f"the size `{name}` may not be 1: {reason}" for name, reason in refused.items()]
    sizes = dataclasses.replace(exported.sizes, symbols=symbols, above_one=refused)
    return dataclasses.replace(exported, sizes=sizes, notes=notes)


def _difference_at_one(
    model: torch.nn.Module, entry: str, exported: Exported, names: list[str]
) -> str | None:
    """Returns how the program differs where these sizes are 1; None if it does not."""
    sizes = exported.sizes
    shapes = exported.arguments.shapes()
    traced = {
        size: shapes[path][dim]
        for path, row in sizes.shapes.items()
        for dim, size in enumerate(row)
        if isinstance(size, str) and size.isidentifier()
    } | dict.fromkeys(names, 1)
    tensors = {
        path: tensor.new_zeros([evaluate(size, traced) for size in sizes.shapes[path]])
        for path, tensor in exported.arguments.tensors.items()
    }
    try:
        with suspended(), called_as_forward(model, entry), without_traces():
            program = run_export(model, exported.arguments.with_tensors(tensors), None)
    except Exception as error:
        # The model itself refuses the size, in whatever words.
        return f"the model fails at 1 ({type(error).__name__})"
    values: Any = {
        symbol: sympy.Integer(traced[name])
        for symbol, name in sizes.names.names.items()
        if name in traced
    }
    return first_difference(exported.program, program, values)


@contextmanager
def without_traces() -> Iterator[None]:
    """Keeps torch from writing a stack trace for each node of an export made for comparison."""
    before = fx_config.do_not_emit_stack_traces
    fx_config.do_not_emit_stack_traces = True
    try:
        yield
    finally:
        fx_config.do_not_emit_stack_traces = before


def run_export(model: Any, arguments: Arguments, dynamic_shapes: Any) -> ExportedProgram:
    """Returns the exported program in training IR, which keeps composite ops."""
    if isinstance(dynamic_shapes, ShapesCollection):
        shapes = dynamic_shapes.dynamic_shapes(model, arguments.args, arguments.kwargs)
    else:
        shapes = dynamic_shapes
    with torch.no_grad(), _quiet(), _without_collector(), without_idle_autocast(), LiteralsOnCpu():
        program = torch.export.export(
            model, arguments.args, arguments.kwargs, dynamic_shapes=shapes, strict=False
        )
    inline_branches(program)
    write_out_mappings(program)
    return program


@contextmanager
def _without_collector() -> Iterator[None]:
    """Stops the collector of cycles: it walks the growing graph again and again, and finds little.

    It saves a tenth of the time of a recording, and costs 5 % of memory for a 405B Llama.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


_LOUDEST = {
    "torch._export": logging.ERROR,
    # It logs what it finds unusual in `torch.cond`.
    "torch.export": logging.CRITICAL,
    "torch._subclasses.fake_tensor": logging.CRITICAL,
}


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps torch from warning of what the notes say, and from logging what it raises."""
    levels = {logging.getLogger(name): level for name, level in _LOUDEST.items()}
    before = {logger: logger.level for logger in levels}
    for logger, level in levels.items():
        logger.setLevel(level)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in before.items():
            logger.setLevel(level)


def shapes_collection(arguments: Arguments, attempt: Attempt) -> ShapesCollection:
    """Returns the free dims in the form of torch."""
    shapes = ShapesCollection()
    for path, tensor in arguments.tensors.items():
        shapes[tensor] = {dim: Dim.AUTO for dim in attempt.free[path]}
    return shapes


def _resized(tensor: torch.Tensor, shape: list[int]) -> torch.Tensor:
    """Returns a new tensor object: the same data, or zeros where the shape is another."""
    if list(tensor.shape) == shape:
        return tensor.detach()
    return tensor.new_zeros(shape)


@contextmanager
def called_as_forward(model: torch.nn.Module, entry: str) -> Iterator[None]:
    """Makes `model(...)` run the method `entry` in this context."""
    if entry == "forward":
        yield
        return
    method = getattr(model, entry)
    own = model.__dict__.get("forward")

    @functools.wraps(method)
    def forward(*args: Any, **kwargs: Any) -> Any:
        # Within the method, `self(...)` and `self.forward(...)` are the model's own.
        _restore(model, own)
        try:
            return method(*args, **kwargs)
        finally:
            model.__dict__["forward"] = forward

    model.__dict__["forward"] = forward
    try:
        yield
    finally:
        _restore(model, own)


def _restore(model: torch.nn.Module, own: Any) -> None:
    if own is None:
        model.__dict__.pop("forward", None)
    else:
        model.__dict__["forward"] = own


def is_data_dependent(error: BaseException | None) -> bool:
    """Whether an error says that code depends on the values of tensors."""
    while error is not None:
        if isinstance(error, GuardOnDataDependentSymNode | DataDependentOutputException):
            return True
        error = error.__cause__ or error.__context__
    return False


def _refusal(error: BaseException) -> PyCandleError:
    place = place_of(error)
    if (failed := op_of_failure(error)) is not None:
        name, why = failed
        return PyCandleError([refusal_of(name, place, why)])
    if is_data_dependent(error):
        return refusal(
            "data-dependent-control-flow",
            "the model's Python code depends on the values of tensors",
            place=place,
            label=first_line(error),
            hint="make the decision with tensors (`torch.where`), or pass it as an argument that "
            "is no tensor",
        )
    if isinstance(error, InexpressibleSize):
        return refusal(
            "inexpressible-size", f"a size has no expression in integers: `{error}`", place=place
        )
    return refusal(
        "export-failed", f"torch cannot export the model: {first_line(error)}", place=place
    )


def first_line(error: BaseException) -> str:
    """Returns the first line of an error that says something."""
    if isinstance(error, SizesDiffer):
        return str(error)
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = lines[0] if lines else type(error).__name__
    return text if len(text) <= 300 else f"{text[:297]}..."


def place_of(error: BaseException) -> Place | None:
    """Returns the innermost line of the model's code in a traceback."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not is_internal(frame.filename) and not frame.filename.startswith("<")
    ]
    if not frames:
        return None
    last = frames[-1]
    return Place(portable_path(last.filename), last.lineno, last.line, f"in `{last.name}`")
