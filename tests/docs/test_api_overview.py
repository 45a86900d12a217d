"""docs/api.md names what is public, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import aws_cdk as cdk

import cdk_epc
from cdk_epc import EndpointConfig

ROOT = Path(__file__).parents[2]
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
NAME = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def members() -> set[str]:
    own = {*dir(EndpointConfig)} - {*dir(cdk.Resource)}
    return {name for name in own if not name.startswith("_")}


def test_every_public_name_is_listed_once():
    listed = NAME.findall((ROOT / "docs" / "api.md").read_text("utf-8"))
    assert sorted(listed) == sorted({*cdk_epc.__all__, *members()})


def test_links_lead_somewhere():
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        prose = FENCED.sub("", page.read_text("utf-8"))
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", prose):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
