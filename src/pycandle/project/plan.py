"""What `init` would do to each file of `.pycandle/`, decided before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pycandle.errors import Diagnostic, Place
from pycandle.project.contents import USERS
from pycandle.project.layout import FOLDER
from pycandle.project.ledger import Ledger, digest

Action = Literal["create", "update", "remove", "keep", "outdated", "edited", "same"]


@dataclass(frozen=True)
class Change:
    """One file and what happens to it.

    `create`, `update` and `remove` are done. `keep`: the user's own, as it should be.
    `outdated`: as an older PyCandle wrote it, and only an upgrade replaces it.
    `edited`: PyCandle's file, changed by the user: an upgrade refuses it unless forced.
    """

    path: str
    action: Action


def plan_changes(
    wanted: Mapping[str, str],
    present: Mapping[str, str | None],
    ledger: Ledger,
    *,
    upgrade: bool,
    force: bool,
) -> list[Change]:
    """Returns a change for each file; `present` has the text on disk, None where there is none."""
    changes: list[Change] = []
    for path, text in wanted.items():
        changes.append(
            Change(
                path, _action(path, text, present.get(path), ledger, upgrade=upgrade, force=force)
            )
        )
    for path in sorted(set(ledger.files) - set(wanted)):
        on_disk = present.get(path)
        if on_disk is None:
            continue
        unedited = digest(on_disk) == ledger.files[path]
        if unedited or force:
            changes.append(Change(path, "remove" if upgrade else "outdated"))
        else:
            changes.append(Change(path, "edited"))
    return changes


def _action(
    path: str, text: str, on_disk: str | None, ledger: Ledger, *, upgrade: bool, force: bool
) -> Action:
    if on_disk is None:
        return "create"
    if digest(on_disk) == digest(text):
        return "same"
    if ledger.files.get(path) == digest(on_disk):
        return "update" if upgrade else "outdated"
    if path in USERS:
        return "keep"
    return "update" if upgrade and force else "edited"


def conflicts(changes: list[Change]) -> list[Diagnostic]:
    """Returns a diagnostic for each file that an upgrade may not replace."""
    return [
        Diagnostic(
            "changed-file",
            "this file was changed since PyCandle wrote it",
            Place(file=f"{FOLDER}/{change.path}"),
            hint="`pycandle init --upgrade --force` replaces it; move what you want to keep",
        )
        for change in changes
        if change.action == "edited"
    ]
