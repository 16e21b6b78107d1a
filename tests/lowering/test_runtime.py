"""The kernels of the runtime hold together as one module."""

import re
from collections import Counter
from pathlib import Path

import pycandle.lowering
from pycandle.codegen.source.kernels import runtime_module

_FOLDER = Path(pycandle.lowering.__file__).parent / "runtime"
_KERNELS = {file.stem: file.read_text() for file in _FOLDER.glob("*.rs") if file.stem != "lib"}
_LIBRARY = (_FOLDER / "lib.rs").read_text()


def test_the_crate_has_every_kernel():
    assert re.findall(r"^mod (\w+);", _LIBRARY, re.MULTILINE) == sorted(_KERNELS)
    assert re.findall(r"^pub use (\w+)::", _LIBRARY, re.MULTILINE) == sorted(_KERNELS)


def test_no_two_kernels_have_a_function_of_one_name():
    names = [
        name for text in _KERNELS.values() for name in re.findall(r"^(?:pub )?fn (\w+)", text, re.M)
    ]

    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_a_kernel_is_called_as_its_file():
    named = {name: re.findall(r"^pub fn (\w+)", text, re.M) for name, text in _KERNELS.items()}

    assert named == {name: [name] for name in _KERNELS}


def test_all_kernels_together_are_one_module_without_a_name_for_two_things():
    module = runtime_module(frozenset(_KERNELS))

    imported = re.findall(r"^use (\S+)::\{(.*)\};", module, re.M)
    names = [name for _, group in imported for name in group.split(", ")]
    assert len(names) == len(set(names))
    assert module.count("pub(super) fn ") == len(_KERNELS)
