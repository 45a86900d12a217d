"""docs/endpoint-does-not-start.md: every rule on the page exists."""

from __future__ import annotations

import re
from pathlib import Path

from cdk_epc.rules.registry import DIAGNOSTICS, PACKED

PAGE = Path(__file__).parents[2] / "docs" / "endpoint-does-not-start.md"
ROW = re.compile(r"^\|(?P<message>.+?)\|(?P<cause>.+?)\|(?P<rules>[^|]+)\|$", re.MULTILINE)


def test_every_rule_of_the_tables_exists() -> None:
    known = {each.id for each in (*DIAGNOSTICS, *PACKED)}
    rows = [each["rules"].strip() for each in ROW.finditer(PAGE.read_text("utf-8"))]
    rows = [each for each in rows if each not in {"Rule", "---"}]
    assert len(rows) >= 15
    for row in rows:
        named = re.findall(r"`([a-z0-9-]+)`", row)
        assert named or row.startswith("none; "), row
        assert set(named) <= known, row
