"""Copy of the project in which mutmut can change the checks of rules.

mutmut changes no function with a decorator, and each check has the decorator `rule`. In the copy,
the call of the decorator stands below the function.

    python -m tools.undecorated build/mutants
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
_RULES: Final = "cdk_epc/rules/*.py"


def undecorated(source: str) -> str:
    """Return the source of a module with each ``@rule(...)`` moved below its function."""
    lines = source.splitlines(keepends=True)
    for function in reversed(ast.parse(source).body):
        if not isinstance(function, ast.FunctionDef) or len(function.decorator_list) != 1:
            continue
        decorator = function.decorator_list[0]
        called = decorator.func if isinstance(decorator, ast.Call) else None
        if not isinstance(called, ast.Name) or called.id != "rule":
            continue
        # The decorator begins above the line of `def`, which follows it at once.
        start, end = decorator.lineno - 1, function.lineno - 1
        call = "".join(lines[start:end]).strip().removeprefix("@")
        lines.insert(
            function.end_lineno or len(lines), f"\n\n{function.name} = {call}({function.name})\n"
        )
        del lines[start:end]
    return "".join(lines)


def copy(folder: Path) -> None:
    """Copy the files that git has to an empty folder, with the rules undecorated."""
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)  # noqa: S603 - no input
    shutil.rmtree(folder, ignore_errors=True)
    for name in filter(None, listed.stdout.split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    for module in folder.glob(_RULES):
        module.write_text(undecorated(module.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    copy(Path(sys.argv[1]))
