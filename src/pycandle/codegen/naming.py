"""Names of the structs and functions of a file, once all of them are known."""

from __future__ import annotations

from collections.abc import Sequence

from pycandle.codegen.types import Type
from pycandle.rust.names import Names, camel, snake

_CONTAINERS = "torch.nn.modules.container."

_TAKEN = {
    "BatchNorm", "BatchNormConfig", "Config", "Conv1d", "Conv1dConfig", "Conv2d", "Conv2dConfig",
    "ConvTranspose1d", "ConvTranspose1dConfig", "ConvTranspose2d", "ConvTranspose2dConfig",
    "DType", "Device", "Embedding", "GroupNorm", "LayerNorm", "Linear", "Module", "ModuleT",
    "Option", "Result", "RmsNorm", "Shape", "String", "Tensor", "VarBuilder", "Vec",
}  # fmt: skip
"""Names of types that a generated file may import."""


def name_types(types: Sequence[Type], root: Type) -> dict[str, str]:
    """Returns the name for each token: the PyTorch class's, as Rust words.

    Of several types of one class, those after the first take their role from the attribute that
    holds them.
    """
    structs, functions = Names(_TAKEN), Names({"recorded"})
    found = {root.token: structs.fresh(camel(root.cls.rpartition(".")[2]))}
    for item in types:
        if item is root:
            continue
        if item.kind == "function":
            last = item.cls.rpartition(":")[2].rpartition(".")[2]
            found[item.token] = functions.fresh(snake(last))
        else:
            found[item.token] = _struct_name(item, structs)
    return found


def _struct_name(item: Type, names: Names) -> str:
    words = sorted(attribute for attribute in item.attributes if not attribute.isdigit())
    role = camel(words[0]) if words else ""
    own = camel(item.cls.rpartition(".")[2])
    if item.cls.startswith(_CONTAINERS):
        words = [part for part in item.paths[0].split(".") if not part.isdigit()]
        own = camel("_".join(words[-2:])) if words else own
    if own not in names.taken:
        return names.fresh(own)
    return names.fresh(f"{own}{role}" if role != own else own)
