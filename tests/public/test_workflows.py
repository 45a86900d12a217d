"""Workflows and examples of them name each action by its commit."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
USES = re.compile(r"\buses: *([^\s,}]+)(.*)")
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def test_actions_are_named_by_commit_with_their_version():
    files = [*(ROOT / ".github/workflows").glob("*.yml"), *(ROOT / "docs").glob("**/*.md")]
    found = [use for file in files for use in USES.findall(file.read_text("utf-8"))]
    assert found
    for action, comment in found:
        assert PINNED.fullmatch(action), action
        assert re.match(r" # v[0-9]+", comment), action
