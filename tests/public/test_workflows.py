"""Workflows and examples of them name each action by its commit."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
USES = re.compile(r"\buses: *([^\s,}]+)(.*)")
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def test_actions_are_named_by_commit_with_their_version():
    workflows = (*(ROOT / ".github/workflows").glob("*.yml"), ROOT / "action.yml")
    files = [*workflows, *(ROOT / "docs").glob("**/*.md")]
    found = [use for file in files for use in USES.findall(file.read_text("utf-8"))]
    assert found
    pins: dict[str, set[str]] = {}
    for action, comment in found:
        if action.startswith("OWNER/cdk-epc@v"):  # our own, in examples
            continue
        assert PINNED.fullmatch(action), action
        assert re.match(r" # v[0-9]+", comment), action
        name, _, commit = action.partition("@")
        pins.setdefault(name, set()).add(commit + comment)
    assert {name: used for name, used in pins.items() if len(used) > 1} == {}
