"""Environment of processes that reuse bytecode, as after the first run of a program."""

from __future__ import annotations

import os
from pathlib import Path


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a process that stores its bytecode below a folder.

    Some machines set ``PYTHONDONTWRITEBYTECODE``. Then each start would compile all imports, and
    the time to compile CDK would exceed the time of everything that is compared here.
    """
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
