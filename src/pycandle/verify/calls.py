"""Which value of Rust is which value of PyTorch: outputs of module calls, matched by place."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pycandle.manifest import schema
from pycandle.manifest.schema import Atom, Call, Leaf, Opaque, Tree


@dataclass(frozen=True)
class Matched:
    """The values of one call: pairs of names in the files of Rust and of PyTorch."""

    call: Call
    pairs: tuple[tuple[str, str], ...]
    skipped: str | None = None
    """Why there are no pairs."""


def output_paths(tree: Tree, scalars: Container[str] = ()) -> Iterator[str]:
    """Yields the paths of the tensors of an output, in order: `output`, `output.0`, or fields.

    `scalars` are the nodes whose values are numbers.
    """
    for path, node in _paths(tree, "" if isinstance(tree, schema.Mapping) else "output"):
        if node not in scalars:
            yield path


def match_calls(
    calls: Iterable[Call],
    rust: Mapping[str, tuple[int, ...]],
    torch: Mapping[str, tuple[int, ...]],
) -> list[Matched]:
    """Matches what the taps saw with what the replay saw; both give the shapes by name.

    The root has no tap, and no result here.
    """
    seen = _by_call(rust)
    return [_match(call, seen, rust, torch) for call in calls if call.module]


def _match(
    call: Call,
    seen: Mapping[str, list[str]],
    rust: Mapping[str, tuple[int, ...]],
    torch: Mapping[str, tuple[int, ...]],
) -> Matched:
    prefix = f"call/{call.module}@{call.index}/"
    paths = output_paths(call.output) if call.output is not None else ()
    wanted = [prefix + path for path in paths if prefix + path in torch]
    found = seen.get(f"{call.module}@{call.index}", [])
    if not found:
        return Matched(call, (), "it has no struct of its own in Rust")
    if not wanted:
        return Matched(call, (), "PyTorch's value is not in the replay")
    if len(found) == len(wanted):
        return Matched(call, tuple(zip(found, wanted, strict=True)))
    # Fewer than PyTorch's: which of them Rust returns, the names do not say.
    if len(found) == 1:
        # Rust returns only what the caller uses: the one of the same shape, if there is just one.
        alike = [name for name in wanted if torch[name] == rust[found[0]]]
        if len(alike) == 1:
            return Matched(call, ((found[0], alike[0]),))
    reason = f"Rust returns {len(found)} tensors, PyTorch {len(wanted)}"
    return Matched(call, (), reason)


def _by_call(names: Iterable[str]) -> dict[str, list[str]]:
    """Groups names `call/MODULE@N/PATH` by `MODULE@N`, in the order of the returned value."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        if name.startswith("call/"):
            found[name.removeprefix("call/").rsplit("/", 1)[0]].append(name)
    for group in found.values():
        group.sort(key=_place)
    return dict(found)


def _place(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.rsplit("/", 1)[1].split(".")[1:])


def _paths(tree: Tree, path: str) -> Iterator[tuple[str, str]]:
    match tree:
        case Leaf(Atom(node=str(node))):
            yield path, node
        case schema.Sequence(_, items):
            for index, item in enumerate(items):
                yield from _paths(item, f"{path}.{index}" if path else str(index))
        case schema.Mapping(fields, _):
            for name, item in fields.items():
                yield from _paths(item, f"{path}.{name}" if path else name)
        case Leaf() | Opaque():
            return
