"""The code of one manifest with the `Config` of another, to prove where its numbers come from.

What two configurations of one architecture differ in has to be a field of `Config`, or read from
the weights. A number that is fixed in the code, and is another one in the other model, shows as a
shape that does not fit, or as values that differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pycandle.errors import Diagnostic, Place, PyCandleError
from pycandle.rust.names import camel
from pycandle.verify.failures import internal_error
from pycandle.verify.model import Model

if TYPE_CHECKING:
    from pycandle.codegen import EntryPoint, Generated

FILE = "model.rs"
"""The file that holds `Config`."""
_STRUCT = re.compile(r"\bpub struct Config\s*\{(?P<body>[^{}]*)\}|\bpub struct Config;")
_RECORDED = re.compile(
    r"\bpub fn recorded\(\) -> Self \{\s*(?P<literal>Self(?:\s*\{(?P<body>[^{}]*)\})?)\s*\}"
)
_FIELD = re.compile(r"\bpub (?P<name>\w+): (?P<type>[^,{}]+?),")
_VALUE = re.compile(r"(?P<name>\w+): (?P<value>(?:vec!)?\[[^\[\]{}]*\]|[^,{}\[\]]+?)\s*(?:,|$)")


@dataclass(frozen=True)
class RecordedConfig:
    """What a generated file says of its `Config`."""

    fields: dict[str, str]
    """Types by name."""
    values: dict[str, str]
    """What `Config::recorded()` gives each field, in Rust."""
    start: int
    """Where the struct literal in `recorded` begins in the text."""
    end: int


def recorded_config(text: str) -> RecordedConfig:
    """Returns the `Config` of generated Rust; an internal error if it has another form."""
    struct, recorded = _STRUCT.search(text), list(_RECORDED.finditer(text))
    if struct is not None and len(recorded) == 1:
        body, literal = struct["body"] or "", recorded[0]["body"] or ""
        fields = {found["name"]: found["type"] for found in _FIELD.finditer(body)}
        values = {found["name"]: found["value"] for found in _VALUE.finditer(literal)}
        left = _VALUE.sub("", literal).strip()
        if fields.keys() == values.keys() and body.count(":") == len(fields) and not left:
            start, end = recorded[0].span("literal")
            return RecordedConfig(fields, values, start, end)
    raise internal_error("`Config` cannot be read from the generated code", attach="the manifests")


def with_config(code: Model, other: Model) -> Model:
    """Returns `other` with the code of `code`, whose `Config::recorded()` has the other's values.

    Raises PyCandleError with everything in which the two cannot be compared.
    """
    ours = recorded_config(code.text)
    theirs = _settings_as_config(code, other, ours) or recorded_config(other.text)
    problems = [
        *_config_problems(ours, theirs),
        *_interface_problems(code, other),
        *_required_problems(code, other),
        *_fixed_problems(code, other),
    ]
    if problems:
        place = Place(str(other.path), detail=f"compared with `{code.path}`")
        raise PyCandleError([item._replace(place=place) for item in problems])
    literal = ", ".join(f"{name}: {theirs.values[name]}" for name in ours.fields)
    generated = replace(
        code.generated,
        files=_replaced(code.generated.files, literal),
        tapped=_replaced(code.generated.tapped, literal),
    )
    return replace(other, generated=generated, code=code.path)


def _settings_as_config(code: Model, other: Model, ours: RecordedConfig) -> RecordedConfig | None:
    """Returns the other's settings as the code's `Config`; None unless it has settings alone."""
    found = other.manifest.configuration
    paths = code.generated.settings
    if code.manifest.learned is None or found is None or ours.fields.keys() != paths.keys():
        return None
    types: dict[str, str] = {}
    values: dict[str, str] = {}
    for name, own in paths.items():
        held = [found.settings.get(path) for path in own]
        if (kinds := _kinds(code, held[0], ours.fields[name])) is not None:
            types[name], values[name] = ours.fields[name], kinds
            continue
        is_list = ours.fields[name].startswith("[")
        wanted = ours.fields[name].strip("[]").partition(";")[0]
        numbers = [n for n in held if isinstance(n, int | float) and not isinstance(n, bool)]
        if len(numbers) < len(held):
            continue
        # Python writes a float that is whole without a point, where Rust wants one.
        is_float = wanted == "f64" or any(isinstance(number, float) for number in numbers)
        kind = "f64" if is_float else wanted
        texts = [repr(float(number)) if is_float else repr(number) for number in numbers]
        types[name] = f"[{kind}; {len(texts)}]" if is_list else kind
        values[name] = f"[{', '.join(texts)}]" if is_list else texts[0]
    return RecordedConfig(types, values, 0, 0)


def _kinds(code: Model, held: object, type_: str) -> str | None:
    """Returns a list that says what each layer is, in Rust; None for another setting, or items."""
    enum = re.fullmatch(r"Vec<(\w+)>", type_)
    if enum is None or not isinstance(held, list) or code.manifest.learned is None:
        return None
    known = {text for item in code.manifest.learned.kinds for text in item.items}
    texts = [text for text in held if isinstance(text, str) and text in known]  # pyright: ignore[reportUnknownVariableType]
    if len(texts) < len(held):  # pyright: ignore[reportUnknownArgumentType]
        return None
    return f"vec![{', '.join(f'{enum[1]}::{camel(text)}' for text in texts)}]"


def _required_problems(code: Model, other: Model) -> Iterator[Diagnostic]:
    """Yields the settings for which the code holds with one value only, and the other has one."""
    found = other.manifest.configuration
    for item in code.manifest.learned.required if code.manifest.learned is not None else ():
        if found is not None and item.path in found.settings:
            value = found.settings[item.path]
            values = value if item.each and isinstance(value, list) else [value]
            if any(one != item.value for one in values):
                yield Diagnostic(
                    "another-structure",
                    f"`{item.path}` is {value!r}, and the code was generated for {item.value!r}",
                    label=item.reason,
                    hint="record the other model by itself",
                )


def _fixed_problems(code: Model, other: Model) -> Iterator[Diagnostic]:
    """Yields the settings that the code holds as recorded, and the other has another value of."""
    ours, theirs = code.manifest.configuration, other.manifest.configuration
    for path in code.generated.fixed:
        if ours is None or theirs is None or ours.settings[path] != theirs.settings.get(path):
            yield Diagnostic(
                "another-setting",
                f"the code holds `{path}` as recorded, and the other model has another value",
                hint="`pycandle inspect` lists the settings that are free",
            )


def _replaced(files: dict[str, str], literal: str) -> dict[str, str]:
    text = files[FILE]
    if not literal:
        return files
    found = recorded_config(text)
    return {**files, FILE: f"{text[: found.start]}Self {{ {literal} }}{text[found.end :]}"}


def _config_problems(ours: RecordedConfig, theirs: RecordedConfig) -> Iterator[Diagnostic]:
    if ours.fields == theirs.fields:
        return
    missing = [
        f"`{name}: {kind}`"
        for name, kind in ours.fields.items()
        if (name, kind) not in theirs.fields.items()
    ]
    added = [
        f"`{name}: {kind}`"
        for name, kind in theirs.fields.items()
        if (name, kind) not in ours.fields.items()
    ]
    label = [f"only in the code's: {', '.join(missing)}"] if missing else []
    label += [f"only in the other's: {', '.join(added)}"] if added else []
    yield Diagnostic(
        "another-config",
        "the two models have no `Config` in common",
        label="\n".join(label),
        hint="compare two configurations of one architecture, with each list of layers longer "
        "than one",
    )


def _interface_problems(code: Model, other: Model) -> Iterator[Diagnostic]:
    if code.generated.root != other.generated.root:
        yield Diagnostic(
            "another-model",
            f"the code is that of `{code.generated.root}`, and the other model is a "
            f"`{other.generated.root}`",
        )
    ours, theirs = _interface(code.generated), _interface(other.generated)
    if ours != theirs:
        differing = sorted(
            name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)
        )
        yield Diagnostic(
            "another-interface",
            f"the two models take or return other tensors: {', '.join(differing)}",
            label="\n".join(
                f"{who} `{name}`: {said}"
                for name in differing
                for who, said in (("code", ours.get(name)), ("other", theirs.get(name)))
            ),
        )


def _interface(generated: Generated) -> dict[str, str]:
    return {entry.name: _describe(entry) for entry in generated.entries}


def _describe(entry: EntryPoint) -> str:
    inputs = ", ".join(f"{path}: {dtype}" for path, dtype, _ in entry.inputs)
    outputs = ", ".join(f"{path}: {dtype}" for path, _, dtype in entry.outputs)
    return f"({inputs}) -> ({outputs})"
