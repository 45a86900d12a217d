"""Result of `make mutants`: the share of killed mutants, and the survivors without a reason.

``python -m tools.mutants build/mutants`` reads the output of mutmut in that copy of the project,
which ``python -m tools.undecorated`` makes. ``tools/survivors.json`` has a reason for each accepted
survivor, by its function and the changed line. A survivor without a reason and a reason without a
survivor are reported, and fail the command.
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
MIN_PERCENT: Final = 95
# mutmut's exit codes; a mutant that never ends (a time-out) counts as killed.
KILLED: Final = frozenset({1, 3, 24, -24, 36, 152, 255, -9, -11, 37})
SURVIVED: Final = frozenset({0, 5, 33})

Change = tuple[str, str]
"""Function of a mutant, and its changed line: old line, arrow, new line."""


def exit_codes(folder: Path) -> dict[str, int | None]:
    """Return the exit code of the tests for each mutant; ``None`` for one that was not tried."""
    codes: dict[str, int | None] = {}
    for meta in sorted(folder.rglob("*.meta")):
        codes |= json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
    return codes


def change_of(mutant: str, diff: str) -> Change:
    """Return the change of a mutant, from mutmut's diff."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++", "#"))]
    old = " ".join(line[1:].strip() for line in lines if line.startswith("-"))
    new = " ".join(line[1:].strip() for line in lines if line.startswith("+"))
    function, _, _ = mutant.partition("__mutmut_")
    return function, f"{old} -> {new}"


def changes(mutants: list[str], folder: Path) -> Iterator[Change]:
    """Yield the change of each mutant."""
    for mutant in mutants:
        command = [sys.executable, "-m", "mutmut", "show", mutant]
        done = subprocess.run(  # noqa: S603 - names from mutmut
            command, check=True, capture_output=True, text=True, cwd=folder
        )
        yield change_of(mutant, done.stdout)


def verdict(codes: Mapping[str, int | None], survivors: list[Change], known: list[Change]) -> str:
    """Return a line with the counts, and one line for each problem."""
    counts = Counter(
        "killed" if code in KILLED else "survived" if code in SURVIVED else "not tried"
        for code in codes.values()
    )
    percent = 100 * counts["killed"] / max(1, len(codes))
    lines = [f"{len(codes)} mutants: {dict(counts)}, {percent:.1f} % killed"]
    if percent < MIN_PERCENT:
        lines.append(f"below {MIN_PERCENT} %")
    left = Counter(survivors) - Counter(known)
    gone = Counter(known) - Counter(survivors)
    lines += [f"survivor without a reason: {name}: {change}" for name, change in left.elements()]
    lines += [f"reason without a survivor: {name}: {change}" for name, change in gone.elements()]
    return "\n".join(lines)


def main(folder: Path) -> int:
    """Print the result of a copy of the project and return 0 if there is no problem."""
    codes = exit_codes(folder / "mutants")
    survivors = list(changes([name for name, code in codes.items() if code in SURVIVED], folder))
    known = [(each["function"], each["change"]) for each in json.loads(REASONS.read_text("utf-8"))]
    text = verdict(codes, survivors, known)
    sys.stdout.write(f"{text}\n")
    return 0 if codes and "\n" not in text else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
