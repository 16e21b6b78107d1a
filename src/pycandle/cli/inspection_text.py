"""`pycandle inspect` for a person."""

from pycandle.cli.inspection import (
    EntryInspection,
    Inspection,
    sizes_text,
)
from pycandle.cli.module_tree import render_modules

_MODULES = "modules, their own parameters, and calls if not one"


def render(inspection: Inspection) -> str:
    """Returns the text, without a final newline."""
    sections = [
        _head(inspection),
        *(_entry(entry) for entry in inspection.entries),
        "\n".join([_MODULES, *render_modules(inspection.modules)]),
        _ops(inspection),
        _names("tensors that `new` computes", inspection.computed),
        _names("constants that no checkpoint holds", inspection.constants),
        _names("modules inlined into their parents", inspection.inlined),
        _names("literals of unknown origin", inspection.unknown_literals),
        _names("settings in `Config`", inspection.settings),
        _names("settings that must be as recorded", inspection.required),
        _names("numbers that settings change in an unknown way", inspection.unknown_numbers),
    ]
    return "\n\n".join(section for section in sections if section)


def _head(inspection: Inspection) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in inspection.versions.items())
    lines = [
        f"{inspection.name}: {inspection.model}",
        f"  recorded on {inspection.device} in {inspection.dtype}, PyCandle {inspection.pycandle}",
        f"  {versions}" if versions else "",
        f"  {inspection.parameters:,} parameters",
        *(
            f"  {row.tensors} tensors of {row.dtype}, {_size(row.bytes)}"
            for row in inspection.state
        ),
    ]
    return "\n".join(line for line in lines if line)


def _entry(entry: EntryInspection) -> str:
    lines = [f"{entry.name}, in {entry.dtypes}"]
    lines += [f"  {item.path}: {item.dtype}{sizes_text(item.shape)}" for item in entry.inputs]
    for dim in entry.dims:
        if dim.where is None:
            upper = "" if dim.upper is None else f" <= {dim.upper}"
            lines.append(f"  {dim.lower} <= {dim.size}{upper}, recorded with {dim.recorded}")
        else:
            reason = f": {dim.reason}" if dim.reason else ""
            lines.append(f"  {dim.where} is fixed at {dim.size}{reason}")
    lines += [f"  note: {note}" for note in entry.notes]
    return "\n".join(lines)


def _ops(inspection: Inspection) -> str:
    lines = ["ops"]
    for row in inspection.ops:
        mark = "" if row.supported else "  not supported"
        lines.append(f"  {row.count:6}  {row.op}{mark}")
    return "\n".join(lines)


def _names(title: str, names: list[str]) -> str:
    return "\n".join([title, *(f"  {name}" for name in names)]) if names else ""


def _size(count: int) -> str:
    """Returns bytes in the largest unit that keeps the number above 1."""
    value = float(count)
    for unit in ("bytes", "KB", "MB", "GB"):
        if value < 1000:
            return f"{value:.3g} {unit}" if unit != "bytes" else f"{count} bytes"
        value /= 1000
    return f"{value:.3g} TB"
