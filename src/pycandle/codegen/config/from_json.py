"""`Config::from_json`: reads the model's own `config.json`, or refuses it by key and value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pycandle.codegen.config.layer_kinds import KindsField, read_kinds
from pycandle.codegen.config.list_fields import ListField, merge_items
from pycandle.codegen.config.settings import ConfigFields, rust_formula
from pycandle.formulas import parse, settings_of
from pycandle.manifest.learned import Configuration, JsonSetting, Learned
from pycandle.manifest.schema import Manifest
from pycandle.rust import tree as t
from pycandle.rust.rewrite import mentions

KERNEL = "settings"
"""The file of the runtime that reads JSON."""
_JSON = t.Local("json")


def from_json(
    config: ConfigFields,
    lists: Sequence[ListField],
    kinds: Sequence[KindsField],
    manifest: Manifest,
) -> t.Function | None:
    """Returns the function; None where not every field of `Config` is a setting in the file.

    `lists`: the settings that `Config` has as arrays; `kinds`: those that say what layers are.
    """
    learned, configuration = manifest.learned, manifest.configuration
    if learned is None or configuration is None:
        return None
    paths = {name: path for path, name in config.names.items()}
    written = {item.path: item for item in learned.json}
    fields = config.in_order()
    if not fields or any(paths.get(name) not in written for name in fields):
        return None
    if any(field.kinds.path not in written for field in kinds):
        return None
    free = [written[paths[name]] for name in fields]
    read = {*fields, *(field.name for field in kinds)}
    fixed = [item for item in learned.json if config.names.get(item.path) not in read]
    body: list[t.Statement] = [t.Let("json", t.call("runtime::settings", t.Local("text")))]
    body += _requirements(fixed, learned, configuration)
    body += _lengths(learned.json, configuration.settings)
    ordered = list(_in_order(free, config))
    reads = {config.names[item.path]: _read(item, config) for item in ordered}
    # A variable only for what the default of another setting reads.
    for item in ordered:
        name = config.names[item.path]
        if any(mentions(read, name) for read in reads.values()):
            body.append(t.Let(name, reads[name]))
            reads[name] = t.Local(name)
    literal = t.StructLiteral(
        "Self",
        tuple(
            (name, reads[held] if isinstance(held, str) else _list([reads[i] for i in held.items]))
            for name, held in merge_items(fields, lists).items()
        )
        + tuple(
            (field.name, read_kinds(field, _JSON, _names(written[field.kinds.path].names)))
            for field in kinds
        ),
    )
    return t.Function(
        "from_json",
        (t.Param("text", "&str"),),
        "Self",
        tuple(body),
        literal,
        doc=(
            "Reads the contents of a `config.json`.",
            "",
            "Refuses the settings for which this code does not hold, naming key and value.",
        ),
        public=True,
    )


def _requirements(
    fixed: Sequence[JsonSetting], learned: Learned, configuration: Configuration
) -> Iterator[t.Statement]:
    """Yields a check for each setting that has to be as recorded."""
    each = {item.path: item.value for item in learned.required if item.each}
    for item in fixed:
        # A key that is no setting must not be there.
        recorded = each.get(item.path, configuration.settings.get(item.path))
        absent = t.Path("true" if item.may_be_absent else "false")
        require = "require_each" if item.path in each else "require"
        wanted = t.Text(json.dumps(recorded))
        yield t.Run(t.method(_JSON, require, _names(item.names), wanted, absent))


def _read(item: JsonSetting, config: ConfigFields) -> t.Expr:
    default: t.Expr = t.path("None")
    if item.default is not None:
        kind = "f64" if config.is_float(item.path) else "usize"
        formula = parse(item.default)
        made = rust_formula(formula, kind, lambda p: t.Local(config.names[p]), config.is_float)
        default = t.Call("Some", (made,))
    return t.method(_JSON, "number", _names(item.names), default)


def _list(reads: Sequence[t.Expr]) -> t.Expr:
    """Returns the items of a list, read by one call where their names and defaults allow it."""
    names: set[tuple[str, ...]] = set()
    defaults: list[t.Expr] = []
    for at, read in enumerate(reads):
        match read:
            case t.Try(t.Method(_, "number", (t.Reference(t.Array(paths)), default))):
                texts = [path.value for path in paths if isinstance(path, t.Text)]
                names.add(tuple(text.removesuffix(f".{at}") for text in texts))
                defaults += default.args if isinstance(default, t.Call) else ()
            case _:
                return t.array_of(reads)
    if len(names) > 1 or len(defaults) not in (0, len(reads)):
        return t.array_of(reads)
    default = t.Call("Some", (t.array_of(defaults),)) if defaults else t.path("None")
    return t.method(_JSON, "numbers", _names(names.pop()), default)


def _lengths(items: Sequence[JsonSetting], settings: Mapping[str, object]) -> Iterator[t.Statement]:
    """Yields a check for each list: one that is longer has items that nothing reads."""
    lengths: dict[tuple[str, ...], int] = {}
    for item in items:
        path, _, last = item.path.rpartition(".")
        if last.isdigit():
            lists = tuple(dict.fromkeys(name.removesuffix(f".{last}") for name in item.names))
            # Items that change nothing are no rows of the table, and count.
            lengths[lists] = sum(other.rpartition(".")[0] == path for other in settings)
    for names, length in lengths.items():
        yield t.Run(t.method(_JSON, "require_length", _names(names), t.usize(length)))


def _names(names: Iterable[str]) -> t.Expr:
    return t.Reference(t.array_of(t.Text(name) for name in names))


def _in_order(items: Sequence[JsonSetting], config: ConfigFields) -> Iterator[JsonSetting]:
    """Yields settings so that each follows those that its default reads."""
    left: Mapping[str, JsonSetting] = {item.path: item for item in items}
    done: set[str] = set()
    while len(done) < len(left):
        before = len(done)
        for path, item in left.items():
            needs = set(settings_of(parse(item.default))) if item.default else set[str]()
            if path not in done and needs <= done | (set(config.names) - left.keys()):
                done.add(path)
                yield item
        if len(done) == before:
            # Two defaults that read each other: the file must have both.
            for path, item in left.items():
                if path not in done:
                    done.add(path)
                    yield JsonSetting(path, item.names)
