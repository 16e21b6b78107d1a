"""Samples of PyTorch's `OpInfo` database, each as a module with its tensors as arguments."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy
import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.utils import _pytree as pytree

SEED = 7
_WITHOUT_VALUES = frozenset(
    ("empty", "empty_like", "empty_permuted", "empty_strided", "new_empty", "new_empty_strided")
)
_NOT_UNIQUE = frozenset(("svd", "linalg.svd", "linalg.eigh", "linalg.eig"))
"""Ops with several right results, of which PyTorch's tests compare what they share."""


class _Place:
    """Stands for a tensor among the arguments."""

    def __init__(self, index: int) -> None:
        self.index = index

    def __repr__(self) -> str:
        return f"tensor {self.index}"


class SampleModule(torch.nn.Module):
    """Calls an op on the tensors that it is given and on the sample's other arguments."""

    def __init__(self, op: Any, arguments: Any, compared: Any = None) -> None:
        super().__init__()
        self.op = op
        self.compared = compared
        """A function of the results, which are not compared themselves; or None."""
        self.leaves, self.spec = pytree.tree_flatten(arguments)

    def forward(self, *tensors: torch.Tensor) -> Any:
        leaves = [tensors[x.index] if isinstance(x, _Place) else x for x in self.leaves]
        first, args, kwargs = pytree.tree_unflatten(leaves, self.spec)
        found = self.op(first, *args, **kwargs)
        return found if self.compared is None else self.compared(found)


@dataclass(frozen=True)
class Sample:
    """One call of one op."""

    op: str
    """The entry's name, with its variant: `nn.functional.pad.reflect`."""
    dtype: str
    index: int
    module: SampleModule
    tensors: tuple[torch.Tensor, ...]

    @property
    def key(self) -> str:
        """The name under which its export and its verdict are kept."""
        return f"{self.op}/{self.dtype}/{self.index}"

    @property
    def call(self) -> str:
        """Tells it from other samples of its op: some entries go through sets of words.

        Their samples come in an order that differs from process to process.
        """
        types = [(str(x.dtype), tuple(x.shape)) for x in self.tensors]
        is_compared = self.module.compared is None
        return repr((types, self.module.leaves, str(self.module.spec), is_compared))

    @property
    def has_values(self) -> bool:
        """Whether PyTorch promises values, and not a shape and a dtype alone."""
        return self.op not in _WITHOUT_VALUES

    def answer(self, kind: torch.dtype | None = None, *, by_way_of: Any = None) -> list[Any]:
        """Returns PyTorch's results; with `kind`, from floats of that dtype.

        Floats that PyTorch makes of integers are of that dtype, too. `by_way_of` is a dtype that
        the floats are rounded to before.
        """
        before = torch.get_default_dtype()
        try:
            torch.set_default_dtype(kind or before)
            found = pytree.tree_leaves(self.module(*self._inputs(kind, by_way_of)))
        finally:
            torch.set_default_dtype(before)
        if not self.has_values:
            # A port has zeros.
            return [torch.zeros_like(x) for x in found]
        return found

    def argument(self, name: str, place: int, default: Any) -> Any:
        """Returns an argument by its name, or by its place behind the first."""
        _, args, kwargs = pytree.tree_unflatten(self.module.leaves, self.module.spec)
        return kwargs.get(name, args[place] if place < len(args) else default)

    def _inputs(self, kind: torch.dtype | None, by_way_of: Any) -> list[torch.Tensor]:
        floats = [kind is not None and x.is_floating_point() for x in self.tensors]
        return [
            x.to(by_way_of or x.dtype).to(kind, copy=True) if is_float else x.clone()
            for x, is_float in zip(self.tensors, floats, strict=True)
        ]


def entry_names() -> list[str]:
    """Returns the names of all entries, in the database's order."""
    return list(dict.fromkeys(map(_name, op_db)))


def samples_of(name: str, dtype: str) -> Iterator[Sample]:
    """Yields the samples of an entry in a dtype; none where the entry does not take the dtype."""
    for entry in op_db:
        kind = getattr(torch, dtype)
        if _name(entry) != name or kind not in entry.dtypes:
            continue
        torch.manual_seed(SEED)
        numpy.random.seed(SEED)
        random.seed(SEED)
        with _unasked():
            inputs = entry.sample_inputs("cpu", kind, requires_grad=False)
        for index, sample in enumerate(inputs):
            arguments = (sample.input, tuple(sample.args), dict(sample.kwargs))
            tensors: list[torch.Tensor] = []

            def place(leaf: Any, tensors: list[torch.Tensor] = tensors) -> Any:
                if not isinstance(leaf, torch.Tensor):
                    return leaf
                tensors.append(leaf.detach().clone())
                return _Place(len(tensors) - 1)

            placed = pytree.tree_map(place, arguments)
            compared = sample.output_process_fn_grad if name in _NOT_UNIQUE else None
            module = SampleModule(entry.op, placed, compared)
            yield Sample(name, dtype, index, module, tuple(tensors))
        return


@contextmanager
def _unasked() -> Iterator[None]:
    """Keeps the database from looking through the stack for the test that asks: a slow search."""
    places = ("common_utils", "opinfo.core")
    with ExitStack() as stack:
        for place in places:
            name = f"torch.testing._internal.{place}.extract_test_fn"
            stack.enter_context(patch(name, return_value=None))
        yield


def _name(entry: Any) -> str:
    return f"{entry.name}.{entry.variant_test_name}" if entry.variant_test_name else entry.name
