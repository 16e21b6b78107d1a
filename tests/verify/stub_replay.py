"""Stands for the replay in torch: the tiny model in numpy, behind the same door."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pycandle.verify.tensor_file import Array, open_tensors, write_arrays

LARGEST = 6
"""More rows than this are refused, as a model with a table of positions would."""


def main() -> None:
    """Answers a request; the arguments are `-m pycandle.recorder replay REQUEST`."""
    request = json.loads(Path(sys.argv[-1]).read_text("utf-8"))
    weights = open_tensors(Path(request["weights"]))
    for given, out in zip(request["inputs"], request["out"], strict=True):
        inputs = open_tensors(Path(given))
        if len(inputs["ids"]) > LARGEST:
            sys.exit(f"IndexError: no position {LARGEST}")
        write_arrays(Path(out), answer(weights, inputs, np.dtype(request["dtype"])))


def answer(
    weights: Mapping[str, Array], inputs: Mapping[str, Array], dtype: np.dtype
) -> dict[str, Array]:
    """Returns outputs and the calls' values, computed in `dtype`."""
    state = {name: weights[name].astype(dtype) for name in weights}
    found: dict[str, Array] = {}
    xs = inputs["x"].astype(dtype) + state["embed.weight"][inputs["ids"]]
    for i in (0, 1):
        inner = xs @ state[f"blocks.{i}.linear.weight"].T + state[f"blocks.{i}.linear.bias"]
        xs = np.maximum(inner, 0) + xs
        found[f"call/blocks.{i}@0/output"] = xs
    logits = (xs * state["scale"]) @ state["head.weight"].T + state["head.bias"]
    outputs = (logits, logits.argmax(-1), logits > 0)
    return found | {f"output/output.{i}": value for i, value in enumerate(outputs)}


if __name__ == "__main__":
    main()
