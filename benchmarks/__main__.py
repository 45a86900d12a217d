"""Measure and print the table. Speed is never a test: the exit code is 0 whatever comes out."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

import attrs

from benchmarks import building, imports, processes
from benchmarks.report import Row, table


@attrs.frozen
class Effort:
    """How many rounds of each kind."""

    building: int
    processes: int
    imports: int


FULL = Effort(building=9, processes=11, imports=9)
QUICK = Effort(building=1, processes=2, imports=2)


def main(arguments: Sequence[str]) -> None:
    """Run all benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds: a first impression")
    effort = QUICK if parser.parse_args(arguments).quick else FULL
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        rows = list(_rows(Path(folder), effort))
    print(table(rows))
    print(
        f"\naws-cdk-lib {version('aws-cdk-lib')}, jsii {version('jsii')}, "
        f"Python {platform.python_version()}; {effort.building} rounds of building, "
        f"{effort.processes} of processes, {effort.imports} of imports, "
        f"in {time.perf_counter() - start:.0f} s"
    )


def _rows(outdir: Path, effort: Effort) -> Iterator[Row]:
    for name, part in (
        ("imports", lambda: imports.rows(effort.imports)),
        ("processes", lambda: processes.rows(outdir, effort.processes)),
        ("building", lambda: building.rows(outdir, effort.building)),
    ):
        print(f"measuring {name} ...", file=sys.stderr)
        yield from part()


if __name__ == "__main__":
    main(sys.argv[1:])
