"""Adds taps to `new` for the tensors that it computes: whole lines, each ending in `// tap`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pycandle.codegen.unification.types import Table

_IMPL = re.compile(r"impl (\w+) \{\n")
_SHORT = re.compile(r"        Ok\(Self \{ .* \}\)\n")
_NEW = re.compile(r"    (?:pub(?:\(super\))? )?fn new\(")
_USE = "use crate::tap; // tap\n"


def add_table_taps(text: str, tables: Mapping[str, Sequence[Table]]) -> str:
    """Returns the text with a tap for each table, by the name of the struct whose `new` makes it.

    Without its tap lines it is the text.
    """
    found: list[str] = []
    own: Sequence[Table] = ()
    state = ""
    lines = text.splitlines(keepends=True)
    made = {name for line in lines if (impl := _IMPL.match(line)) and (name := impl[1]) in tables}
    if not made:
        return text
    has_use = _USE in lines
    for line in lines:
        if not has_use and line.startswith(("use ", "mod ")):
            found.append(_USE)
            has_use = True
        if impl := _IMPL.match(line):
            own, state = tables.get(impl[1], ()), "impl"
        if own and state == "impl" and _NEW.match(line):
            state = "signature"
        if state == "body" and line.startswith("        Ok(Self {"):
            found += [_tap(table, table.name) for table in own if not table.is_field]
        found.append(line)
        if state == "signature" and line.rstrip().endswith("{"):
            found.append("        let __prefix = vb.prefix(); // tap\n")
            state = "body"
        elif state == "body" and (line == "        })\n" or _SHORT.fullmatch(line)):
            found += [
                f'        .inspect(|made| tap::table(&__prefix, "{table.relative}", '
                f"&made.{table.name})) // tap\n"
                for table in own
                if table.is_field
            ]
            state = ""
    return "".join(found)


def _tap(table: Table, value: str) -> str:
    return f'        tap::table(&__prefix, "{table.relative}", &{value}); // tap\n'
