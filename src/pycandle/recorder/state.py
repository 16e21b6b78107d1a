"""The tensors that a model owns: canonical names, kinds and values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import torch

from pycandle.manifest.schema import StateTensor
from pycandle.recorder.shadow import shadow_of

Kind = Literal["parameter", "persistent_buffer", "non_persistent_buffer", "constant"]


@dataclass
class Owned:
    """A tensor of the model under its canonical name."""

    name: str
    kind: Kind
    tensor: torch.Tensor
    aliases: list[str] = field(default_factory=list)
    used: bool = False

    def entry(self) -> StateTensor:
        """Returns the row of the manifest."""
        tensor = self.tensor
        dtype = str(tensor.dtype).removeprefix("torch.")
        return StateTensor(self.name, self.kind, dtype, list(tensor.shape), self.aliases, self.used)

    def value(self) -> torch.Tensor | None:
        """Returns the data on the CPU; None for a meta tensor whose data is not known."""
        return shadow_of(self.tensor) if self.tensor.is_meta else self.tensor.detach()


@dataclass
class State:
    """All tensors of the model, and the canonical name for every name."""

    tensors: dict[str, Owned] = field(default_factory=dict)
    canonical: dict[str, str] = field(default_factory=dict)
    identities: dict[Any, str] = field(default_factory=dict)

    def add(self, name: str, kind: Kind, tensor: torch.Tensor, *, in_state_dict: bool) -> None:
        """Adds a tensor by one of its names; the first name of a tied group is canonical."""
        key = identity(tensor)
        first = self.identities.setdefault(key, name)
        self.canonical[name] = first
        if first == name:
            self.tensors[name] = Owned(name, kind, tensor)
        elif in_state_dict:
            self.tensors[first].aliases.append(name)

    def add_constant(self, target: str, tensor: torch.Tensor) -> str:
        """Returns the canonical name of a tensor that export lifted; adds it if it is new.

        It keeps the FQN of the attribute that holds it, else it is `constant.NAME`.
        """
        known = self.identities.get(identity(tensor))
        if known is not None:
            return known
        name = target if self._is_attribute(target) else f"constant.{target}"
        while name in self.tensors:
            name += "_"
        self.add(name, "constant", tensor, in_state_dict=False)
        return name

    attributes: dict[str, torch.Tensor] = field(default_factory=dict)
    """Tensors that modules hold as plain attributes, by FQN."""

    def _is_attribute(self, target: str) -> bool:
        return target in self.attributes


def identity(tensor: torch.Tensor) -> tuple[Any, ...]:
    """Returns what two names of one tensor share: storage, offset, shape, strides and dtype."""
    storage = tensor.untyped_storage()._cdata
    return storage, tensor.storage_offset(), tuple(tensor.shape), tensor.stride(), tensor.dtype


def read_state(model: torch.nn.Module) -> State:
    """Returns the tensors of a model, in the order of its state dict, then those outside it."""
    state = State(attributes=dict(_attributes(model)))
    parameters = dict(model.named_parameters(remove_duplicate=False))
    buffers = dict(model.named_buffers(remove_duplicate=False))
    tensors = {**parameters, **buffers}
    in_order = [name for name in model.state_dict(keep_vars=True) if name in tensors]
    for name in dict.fromkeys([*in_order, *parameters, *buffers]):
        saved = name in in_order or name in parameters
        kind: Kind = "persistent_buffer" if saved else "non_persistent_buffer"
        if name in parameters:
            kind = "parameter"
        state.add(name, kind, tensors[name], in_state_dict=saved)
    return state


def _attributes(model: torch.nn.Module) -> Iterator[tuple[str, torch.Tensor]]:
    for path, module in model.named_modules():
        for name, value in vars(module).items():
            if isinstance(value, torch.Tensor):
                yield f"{path}.{name}" if path else name, value
