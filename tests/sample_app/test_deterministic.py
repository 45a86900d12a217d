"""Test that the templates are the same for every hash seed of Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from kit.sample_stacks import shop_context

# Several processes; the lowest version of aws-cdk-lib would show the same as the pinned one.
pytestmark = pytest.mark.pin_only

ROOT = Path(__file__).parents[2]
RUNS = 4
"""Processes, each with its own hash seed and about six seconds long."""


def templates(folder: Path, seed: int) -> dict[str, bytes]:
    """Run the app in a new process, as the CDK CLI does."""
    subprocess.run(
        [sys.executable, "-m", "sample_app"],
        check=True,
        cwd=ROOT,
        env={
            **os.environ,
            "CDK_CONTEXT_JSON": json.dumps(shop_context()),
            "CDK_OUTDIR": str(folder),
            "PYTHONHASHSEED": str(seed),
        },
    )
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.template.json")
    }


def test_runs_write_the_same_templates(tmp_path: Path):
    def run(seed: int) -> dict[str, bytes]:
        return templates(tmp_path / str(seed), seed)

    with ThreadPoolExecutor(max_workers=2) as two:
        first, *others = two.map(run, range(RUNS))
    assert len(first) == 16
    assert [seed for seed, other in enumerate(others, start=1) if other != first] == []
