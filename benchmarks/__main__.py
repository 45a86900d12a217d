"""Run the benchmarks and print a table. The exit code is 0 even if a target is missed."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final, Protocol

from benchmarks import building, fleet, imports, many_stacks, page, processes
from benchmarks.checking import rows as checking
from benchmarks.report import Row, table


class Part(Protocol):
    """Part of the benchmarks, which returns rows of the table."""

    def __call__(self, outdir: Path, /, *, quick: bool) -> Iterator[Row]:
        """Measure, with few rounds if `quick`; templates go to the folder."""


PARTS: Final[Mapping[str, Part]] = {
    "imports": imports.rows,
    "processes": processes.rows,
    "building": building.rows,
    "stacks": many_stacks.rows,
    "checking": checking.rows,
    "fleet": fleet.rows,
}


def main(arguments: Sequence[str]) -> None:
    """Run all parts of the benchmarks, or the parts in the arguments."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"some of {', '.join(PARTS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="few rounds, for a first impression")
    parser.add_argument("--write", action="store_true", help=f"write the table into {page.PAGE}")
    given = parser.parse_args(arguments)
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"unknown part: {', '.join(unknown)}")
    start = time.perf_counter()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in given.parts or PARTS:
            print(f"measuring {name} ...", file=sys.stderr)
            rows += PARTS[name](Path(folder), quick=given.quick)
    packages = ("aws-cdk-lib", "jsii", "cfn-lint", "cloudformation-validate")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    text = f"{table(rows)}\n\n{versions}, Python {platform.python_version()}, {os.cpu_count()} CPUs"
    if given.quick:
        text += ", few rounds (`--quick`)"
    print(f"{text}, {time.perf_counter() - start:.0f} s")
    if given.write:
        page.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
