"""The snapshots of a test module, each in a file of its own."""

from __future__ import annotations

from pathlib import Path


def committed(module: str) -> set[str]:
    """The snapshot files of the test module at this path.

    Syrupy says itself which are unused, but only where one process runs all tests.
    """
    path = Path(module)
    return {file.name for file in (path.parent / "__snapshots__" / path.stem).iterdir()}
