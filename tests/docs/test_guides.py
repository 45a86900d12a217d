"""Pages of docs: the overview links to each of them, and the members that they name exist."""

from __future__ import annotations

import re
from pathlib import Path

from kit.markdown import without_blocks

import cdk_epc
from cdk_epc.catalog.images import families

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
CODE = re.compile(r"`([^`\n]+)`")
MEMBER = re.compile(r"\b([A-Z]\w+)\.([a-z_]\w*)")
METHODS = re.compile(r"^\| Method of `(\w+)` \|.*\n\|[-|]+\n((?:\|.*\n)+)", re.MULTILINE)
FIRST_CELL = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)")


def unknown_members(text: str) -> list[str]:
    """Return the members in inline code and in tables that public classes do not have."""
    text = without_blocks(text)
    named = [each for code in CODE.findall(text) for each in MEMBER.findall(code)]
    for name, rows in METHODS.findall(text):
        named += [(name, member) for member in FIRST_CELL.findall(rows)]
    return [
        f"{name}.{member}"
        for name, member in named
        if name in cdk_epc.__all__ and not hasattr(getattr(cdk_epc, name), member)
    ]


def test_members_exist() -> None:
    assert [name for page in PAGES for name in unknown_members(page.read_text("utf-8"))] == []


def test_an_unknown_member_is_found() -> None:
    text = "`Endpoint.variant` and `Model(1).x`, `Endpoint.no_member(1)`"
    assert unknown_members(text) == ["Endpoint.no_member"]
    rows = "| `from_s3` | an archive |\n| `many` | many archives |\n"
    table = f"| Method of `ModelData` | Artifacts |\n|---|---|\n{rows}"
    assert unknown_members(table) == ["ModelData.many"]


def test_guides_list_all_families_alarms_and_scaling_policies() -> None:
    documented = {path.name: set(CODE.findall(path.read_text("utf-8"))) for path in PAGES}
    policies = {
        name
        for target in (cdk_epc.ScalableVariant, cdk_epc.ScalableCopies)
        for name in dir(target)
        if name.startswith("scale_on_")
    }
    scaling = " ".join(documented["autoscaling.md"])
    assert [name for name in policies if name not in scaling] == []
    assert {kind.name for kind in cdk_epc.AlarmKind} <= documented["monitoring.md"]
    assert set(families()) <= documented["images.md"]


def test_the_overview_links_to_every_page() -> None:
    linked = LINK.findall((ROOT / "docs" / "README.md").read_text("utf-8"))
    pages = {path.name for path in (ROOT / "docs").glob("*.md")}
    # The landing page of the site has the tables of the overview as its contents.
    assert pages - {"README.md", "index.md", *linked} == set()
