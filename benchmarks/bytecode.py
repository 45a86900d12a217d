"""Processes that find their bytecode written, as on a machine where a program has run before."""

from __future__ import annotations

import os
from pathlib import Path


def environment(folder: Path) -> dict[str, str]:
    """The environment of a process that keeps its bytecode below a folder.

    Some machines are told to write none, and then each start would compile whatever is imported:
    all of CDK in either program, and much more of that than of anything compared here.
    """
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
