"""``python -m fuzz``: many inputs from a seed, in two processes; exit code 1 if one is a finding.

Input number ``n`` depends on the seed and on ``n`` alone, so ``--only n`` runs it again.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from fuzz.runner import Batch, batch, content_of

_BATCH = 500


def main() -> int:
    """Run, and print what came of it."""
    given = _arguments()
    if given.only is not None:
        sys.stdout.write(f"{content_of(given.seed, given.only)!r}\n")
        return _told(batch(given.seed, given.only, given.only + 1), 0.0)
    started = time.monotonic()
    whole = Batch()
    starts = range(0, given.inputs, _BATCH)
    with ProcessPoolExecutor(given.processes) as pool:
        running = [
            pool.submit(batch, given.seed, start, min(start + _BATCH, given.inputs))
            for start in starts
        ]
        for done, each in enumerate(running, 1):
            whole.add(each.result())
            if done % 20 == 0:
                sys.stdout.write(f"{done * _BATCH:,} of {given.inputs:,} inputs\n")
                sys.stdout.flush()
    return _told(whole, time.monotonic() - started, given.findings)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="how many")
    parser.add_argument("--seed", type=int, default=3, help="which")
    parser.add_argument("--processes", type=int, default=2, help="how many at the same time")
    parser.add_argument("--only", type=int, metavar="N", help="the input of this number alone")
    parser.add_argument("--findings", type=Path, help="a folder for the inputs that are findings")
    return parser.parse_args()


def _told(whole: Batch, seconds: float, folder: Path | None = None) -> int:
    counts: Counter[str] = whole.outcomes
    for outcome, count in sorted(counts.items()):
        sys.stdout.write(f"{count:>9,}  {outcome}\n")
    for number, finding in whole.findings:
        sys.stdout.write(f"finding: input {number}\n{finding.reported}\n")
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / str(number)).write_bytes(finding.content)
    total = sum(counts.values())
    slowest, number = whole.slowest
    sys.stdout.write(
        f"{total:,} inputs in {seconds:.0f} s; {len(whole.findings)} findings; "
        f"the slowest, number {number}, took {slowest:.2f} s\n"
    )
    return 1 if whole.findings or not total else 0


if __name__ == "__main__":
    sys.exit(main())
