"""Fuzz test of many inputs from a seed, in two processes; exit code 1 for a finding.

Input number ``n`` depends only on the seed and on ``n``, so that ``--only n`` repeats it.
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
    """Run the inputs and print the outcomes and findings."""
    given = _arguments()
    if given.only is not None:
        sys.stdout.write(f"{content_of(given.seed, given.only)!r}\n")
        return _report(batch(given.seed, given.only, given.only + 1), 0.0)
    started = time.monotonic()
    total = Batch()
    starts = range(0, given.inputs, _BATCH)
    with ProcessPoolExecutor(given.processes) as pool:
        running = [
            pool.submit(batch, given.seed, start, min(start + _BATCH, given.inputs))
            for start in starts
        ]
        for done, each in enumerate(running, 1):
            total.add(each.result())
            if done % 20 == 0:
                sys.stdout.write(f"{done * _BATCH:,} of {given.inputs:,} inputs\n")
                sys.stdout.flush()
    return _report(total, time.monotonic() - started, given.findings)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="number of inputs")
    parser.add_argument("--seed", type=int, default=3, help="seed of the inputs")
    parser.add_argument("--processes", type=int, default=2, help="number of processes")
    parser.add_argument("--only", type=int, metavar="N", help="run only the input with this number")
    parser.add_argument("--findings", type=Path, help="folder for the inputs with findings")
    return parser.parse_args()


def _report(total: Batch, seconds: float, folder: Path | None = None) -> int:
    counts: Counter[str] = total.outcomes
    for outcome, count in sorted(counts.items()):
        sys.stdout.write(f"{count:>9,}  {outcome}\n")
    for number, finding in total.findings:
        sys.stdout.write(f"finding: input {number}\n{finding.traceback}\n")
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / str(number)).write_bytes(finding.content)
    inputs = sum(counts.values())
    slowest, number = total.slowest
    sys.stdout.write(
        f"{inputs:,} inputs in {seconds:.0f} s; {len(total.findings)} findings; "
        f"the slowest, number {number}, took {slowest:.2f} s\n"
    )
    return 1 if total.findings or not inputs else 0


if __name__ == "__main__":
    sys.exit(main())
