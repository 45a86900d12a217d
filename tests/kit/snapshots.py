"""Snapshot files of a test module."""

from __future__ import annotations

from pathlib import Path


def committed_snapshots(module: str) -> set[str]:
    """Return the names of the snapshot files of the test module at this path.

    Syrupy lists unused files only where one process runs all tests.
    """
    path = Path(module)
    return {file.name for file in (path.parent / "__snapshots__" / path.stem).iterdir()}
