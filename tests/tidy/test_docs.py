"""Generated pages are as the code has them."""

import re
from pathlib import Path

import pytest

from pycandle.cli.reference import inspection_schema, render

ROOT = Path(__file__).parents[2]


def test_the_reference_of_the_command_line_is_fresh() -> None:
    assert (ROOT / "docs" / "cli.md").read_text("utf-8") == render(), "`make fix` writes it"


def test_the_schema_of_inspect_is_fresh() -> None:
    schema = (ROOT / "docs" / "inspect.schema.json").read_text("utf-8")

    assert schema == inspection_schema(), "`make fix` writes it"


PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)\)", page.read_text("utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []
