"""`init` over an empty folder, over its own files, and over changed ones."""

import os
from pathlib import Path

import pytest

from pycandle.errors import PyCandleError
from pycandle.project import initialize as module
from pycandle.project.contents import SOURCE, contents, vendored_version
from pycandle.project.initialize import Options, initialize
from pycandle.project.layout import Layout
from pycandle.project.ledger import digest, ledger_text, read_ledger
from pycandle.project.plan import Change
from pycandle.version import VERSION


@pytest.fixture
def uv_calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Takes uv's place, and keeps what it would have been asked."""
    calls: list[list[str]] = []

    def run_uv(arguments: list[str]) -> int:
        calls.append([part for part in arguments if not part.startswith(("/", "--project"))])
        return 0

    monkeypatch.setattr(module, "run_uv", run_uv)
    return calls


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A new project, on a disk that need not be waited for."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    return Layout(tmp_path)


def init(layout: Layout, **options: object) -> dict[str, str]:
    changes: list[Change] = initialize(
        layout,
        Options(**options),
        tell=lambda verb, what: None,  # type: ignore[arg-type]
    )
    return {change.path: change.action for change in changes if change.action != "same"}


def make_outdated(layout: Layout, path: str) -> None:
    """Makes a file look as if an older PyCandle had written it."""
    (layout.folder / path).write_text("# of an older PyCandle\n")
    hashes = read_ledger(layout.ledger).files | {path: digest("# of an older PyCandle\n")}
    layout.ledger.write_text(ledger_text(hashes))


@pytest.mark.usefixtures("uv_calls")
def test_a_new_project_has_every_file_and_the_whole_package(layout: Layout) -> None:
    actions = init(layout)

    assert set(actions.values()) == {"create"}
    assert vendored_version(layout.folder) == VERSION
    assert (layout.folder / SOURCE / "project" / "templates" / "spy.py.txt").is_file()
    assert {path for path in contents() if not (layout.folder / path).is_file()} == set()


def test_init_locks_and_then_installs(layout: Layout, uv_calls: list[list[str]]) -> None:
    init(layout)

    assert uv_calls == [["lock", "--quiet"], ["sync", "--quiet", "--frozen"]]


def test_packages_and_requirements_are_added(layout: Layout, uv_calls: list[list[str]]) -> None:
    init(layout, packages=("timm",), requirements=(Path("needs.txt"),), sync=False)

    assert uv_calls == [["add", "--quiet", "--no-sync", "-r", "needs.txt", "timm"]]


@pytest.mark.usefixtures("uv_calls")
def test_a_second_init_changes_nothing(layout: Layout) -> None:
    init(layout)
    before = {path: path.read_bytes() for path in layout.folder.rglob("*") if path.is_file()}

    assert init(layout) == {}

    after = {path: path.read_bytes() for path in layout.folder.rglob("*") if path.is_file()}
    assert before == after


@pytest.mark.usefixtures("uv_calls")
def test_what_the_user_edits_is_kept_by_init_and_by_upgrade(layout: Layout) -> None:
    init(layout)
    layout.recorder.write_text("# mine\n")
    layout.pyproject.write_text(layout.pyproject.read_text() + "# mine\n")

    assert init(layout) == {"scripts/recorder.py": "keep"}
    assert init(layout, upgrade=True, force=True) == {"scripts/recorder.py": "keep"}
    assert layout.recorder.read_text() == "# mine\n"
    assert layout.pyproject.read_text().endswith("# mine\n")


@pytest.mark.usefixtures("uv_calls")
def test_only_an_upgrade_replaces_a_file_of_another_version(layout: Layout) -> None:
    init(layout)
    make_outdated(layout, "scripts/spy.py")

    assert init(layout) == {"scripts/spy.py": "outdated"}
    assert init(layout, upgrade=True) == {"scripts/spy.py": "update"}
    assert (layout.scripts / "spy.py").read_text() == contents()["scripts/spy.py"]


@pytest.mark.usefixtures("uv_calls")
def test_an_upgrade_over_changed_files_refuses_them_all_and_writes_nothing(layout: Layout) -> None:
    init(layout)
    make_outdated(layout, "scripts/weight_extractor.py")
    for path in ("scripts/spy.py", f"{SOURCE}/errors.py"):
        (layout.folder / path).write_text("# mine\n")

    with pytest.raises(PyCandleError) as caught:
        init(layout, upgrade=True)

    places = [item.place.file for item in caught.value.diagnostics if item.place]
    assert places == [".pycandle/scripts/spy.py", f".pycandle/{SOURCE}/errors.py"]
    extractor = layout.scripts / "weight_extractor.py"
    assert extractor.read_text() == "# of an older PyCandle\n"


@pytest.mark.usefixtures("uv_calls")
def test_a_forced_upgrade_replaces_changed_files(layout: Layout) -> None:
    init(layout)
    (layout.scripts / "spy.py").write_text("# mine\n")

    assert init(layout) == {"scripts/spy.py": "edited"}
    assert init(layout, upgrade=True, force=True) == {"scripts/spy.py": "update"}


@pytest.mark.usefixtures("uv_calls")
def test_an_upgrade_removes_what_the_package_no_longer_has(layout: Layout) -> None:
    init(layout)
    make_outdated(layout, f"{SOURCE}/gone.py")

    assert init(layout, upgrade=True) == {f"{SOURCE}/gone.py": "remove"}
    assert not (layout.folder / SOURCE / "gone.py").exists()
    assert init(layout) == {}


def test_a_dry_run_writes_nothing_and_runs_nothing(
    layout: Layout, uv_calls: list[list[str]]
) -> None:
    assert init(layout, dry_run=True)["scripts/spy.py"] == "create"

    assert not layout.folder.exists()
    assert uv_calls == []


@pytest.mark.usefixtures("uv_calls")
def test_wrong_options_are_refused_together_before_anything_is_written(layout: Layout) -> None:
    with pytest.raises(PyCandleError) as caught:
        init(layout, python="three", torch_index="no url", force=True)

    assert len(caught.value.diagnostics) == 3
    assert caught.value.exit_code == 2
    assert not layout.folder.exists()


def test_a_failing_uv_is_named_and_init_goes_on_from_there(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "run_uv", lambda arguments: 2)

    with pytest.raises(PyCandleError, match=r"`uv lock` of `\.pycandle/` failed"):
        init(layout)

    monkeypatch.setattr(module, "run_uv", lambda arguments: 0)
    assert init(layout) == {}


def test_settings_that_cannot_be_locked_are_taken_back(
    layout: Layout, uv_calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    init(layout)
    before = layout.pyproject.read_text()
    monkeypatch.setattr(module, "run_uv", lambda arguments: 2)

    with pytest.raises(PyCandleError, match="uv lock"):
        init(layout, torch_index="https://nowhere.example", python="3.13")

    assert layout.pyproject.read_text() == before


def test_a_new_project_that_cannot_be_locked_keeps_no_settings(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "run_uv", lambda arguments: 2)

    with pytest.raises(PyCandleError, match="uv lock"):
        init(layout, torch_index="https://nowhere.example")

    assert not layout.pyproject.exists()


@pytest.mark.usefixtures("uv_calls")
def test_a_broken_ledger_is_refused_with_a_way_out(layout: Layout) -> None:
    init(layout)
    layout.ledger.write_text("{")

    with pytest.raises(PyCandleError, match="delete it"):
        init(layout)
