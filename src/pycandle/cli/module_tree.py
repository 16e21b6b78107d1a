"""The module tree of `pycandle inspect`, with runs of equal layers as one."""

from __future__ import annotations

from dataclasses import dataclass, field

from pycandle.cli.inspection import ModuleInspection


@dataclass
class _Branch:
    """A module and what is below it."""

    name: str
    module: ModuleInspection | None = None
    children: list[_Branch] = field(default_factory=list["_Branch"])

    def shape(self) -> tuple[object, ...]:
        """Returns what two equal layers have in common: all but their own name."""
        module = self.module
        own = (module.cls, module.calls, module.parameters) if module else ()
        return (own, *((child.name, child.shape()) for child in self.children))


def render_modules(modules: list[ModuleInspection]) -> list[str]:
    """Returns a line for each module: name, class, its own parameters, calls if not one."""
    rows = _rows(_tree(modules), depth=0)
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    return [
        f"  {name:{widths[0]}}  {weights:>{widths[1]}}  {calls}".rstrip()
        for name, weights, calls in rows
    ]


def _tree(modules: list[ModuleInspection]) -> _Branch:
    root = _Branch("model")
    for module in modules:
        branch = root
        for part in module.path.split(".") if module.path else ():
            found = next((child for child in branch.children if child.name == part), None)
            if found is None:
                found = _Branch(part)
                branch.children.append(found)
            branch = found
        branch.module = module
    return root


def _rows(branch: _Branch, *, depth: int, last: str | None = None) -> list[tuple[str, str, str]]:
    """Returns the rows of a branch; it stands for all its siblings up to the one named `last`."""
    module = branch.module
    name = branch.name if last is None else f"{branch.name} to {last}"
    cls = module.cls.rpartition(".")[2] if module else ""
    weights = f"{module.parameters:,}" if module and module.parameters else ""
    rows = [(f"{'  ' * depth}{name}: {cls}", weights, _calls(branch))]
    for first, end in _runs(branch.children):
        rows += _rows(first, depth=depth + 1, last=end)
    return rows


def _calls(branch: _Branch) -> str:
    calls = branch.module.calls if branch.module else 1
    if calls == 0:
        return "" if branch.children else "not called"
    return "" if calls == 1 else f"{calls} calls"


def _runs(children: list[_Branch]) -> list[tuple[_Branch, str | None]]:
    """Returns the first of each run of equal numbered siblings, and the name of its last."""
    runs: list[tuple[_Branch, str | None]] = []
    previous: tuple[object, ...] | None = None
    for child in children:
        shape = child.shape() if child.name.isdigit() else None
        if shape is not None and shape == previous:
            runs[-1] = (runs[-1][0], child.name)
        else:
            runs.append((child, None))
        previous = shape
    return runs
