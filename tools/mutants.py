"""What `make mutants` comes to: the share of mutants killed, and every survivor with its reason.

``python -m tools.mutants`` reads what mutmut left under ``mutants/``. ``tools/survivors.json`` has
a reason for each survivor that may stay, by its function and the line it changes. A survivor
without one, or a reason without its survivor, is told, and fails the command.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
REASONS: Final = ROOT / "tools" / "survivors.json"
LEAST_PERCENT: Final = 95
# mutmut's own names of pytest's exit codes; a mutant that never ends has been noticed.
KILLED: Final = frozenset({1, 3, 24, -24, 36, 152, 255, -9, -11, 37})
SURVIVED: Final = frozenset({0, 5, 33})

Change = tuple[str, str]
"""The function, and its changed line: the old one, an arrow, the new one."""


def exit_codes(folder: Path) -> dict[str, int | None]:
    """The exit code of the tests for each mutant, ``None`` where it was not tried."""
    codes: dict[str, int | None] = {}
    for meta in sorted(folder.rglob("*.meta")):
        codes |= json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
    return codes


def change_of(mutant: str, diff: str) -> Change:
    """What a mutant changes, from the diff that mutmut shows."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++", "#"))]
    old = " ".join(line[1:].strip() for line in lines if line.startswith("-"))
    new = " ".join(line[1:].strip() for line in lines if line.startswith("+"))
    function, _, _ = mutant.partition("__mutmut_")
    return function, f"{old} -> {new}"


def changes(mutants: list[str]) -> Iterator[Change]:
    """What each of these mutants changes."""
    for mutant in mutants:
        command = [sys.executable, "-m", "mutmut", "show", mutant]
        shown = subprocess.run(  # noqa: S603 - mutmut's own names
            command, check=True, capture_output=True, text=True, cwd=ROOT
        )
        yield change_of(mutant, shown.stdout)


def verdict(codes: Mapping[str, int | None], survivors: list[Change], known: list[Change]) -> str:
    """The counts on a line, and what keeps the run from being good, if anything."""
    counts = Counter(
        "killed" if code in KILLED else "survived" if code in SURVIVED else "not tried"
        for code in codes.values()
    )
    percent = 100 * counts["killed"] / max(1, len(codes))
    lines = [f"{len(codes)} mutants: {dict(counts)}, {percent:.1f} % killed"]
    if percent < LEAST_PERCENT:
        lines.append(f"below {LEAST_PERCENT} %")
    left = Counter(survivors) - Counter(known)
    gone = Counter(known) - Counter(survivors)
    lines += [f"survived, without a reason: {name}: {change}" for name, change in left.elements()]
    lines += [
        f"a reason without its survivor: {name}: {change}" for name, change in gone.elements()
    ]
    return "\n".join(lines)


def main() -> int:
    """Print the verdict and return 0 if there is nothing to do."""
    codes = exit_codes(ROOT / "mutants")
    survivors = list(changes([name for name, code in codes.items() if code in SURVIVED]))
    known = [(each["function"], each["change"]) for each in json.loads(REASONS.read_text("utf-8"))]
    said = verdict(codes, survivors, known)
    sys.stdout.write(f"{said}\n")
    return 0 if codes and "\n" not in said else 1


if __name__ == "__main__":
    sys.exit(main())
