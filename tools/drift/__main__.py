"""Command line: ``python -m tools.drift`` lists the differences to AWS's newest models.

It downloads the newest botocore and cfn-lint and reads SageMaker's API model and CloudFormation's
schemas from them; with ``--installed`` it reads the installed ones and needs no network. Without
that option, it also compares the catalogs of images and instance types with their newest sources:
SageMaker's SDK, and EC2's descriptions of instance types in moto. Intended
differences are in ``tools/drift/known``, with their reasons.

Exit status: 0 without differences, 1 with differences, 2 if a source cannot be read. To update to a
newer model, declare the members in ``cdk_epc/spec`` and run ``python -m tools --newest``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.drift.catalogs import newest_catalogs
from tools.drift.compare import compare
from tools.drift.report import Section, text_of
from tools.errors import ToolError
from tools.published.copies import BOTOCORE, CFN_LINT, Copy, installed, newest


def main(
    arguments: Sequence[str] | None = None,
    *,
    download: Callable[[str, Path], Copy] = newest,
    catalogs: Callable[[Copy, Path], list[Section]] | None = None,
) -> int:
    """List the differences and return the exit status.

    Args:
        arguments: Arguments of the command; those of the process by default.
        download: Function that downloads the newest copy of a package into a folder.
        catalogs: Function that returns the differences of the catalogs, from the newest botocore
            and a folder for downloads; ``None`` to leave them out.
    """
    parser = argparse.ArgumentParser(
        prog="python -m tools.drift",
        description="List the differences between this library and AWS's published models.",
    )
    parser.add_argument(
        "--installed",
        action="store_true",
        help="compare with the installed botocore and cfn-lint, without a network",
    )
    use_installed: bool = parser.parse_args(arguments).installed
    with TemporaryDirectory() as folder:
        try:
            copies = [
                installed(name) if use_installed else download(name, Path(folder))
                for name in (BOTOCORE, CFN_LINT)
            ]
            sections = compare(*copies)
            if catalogs is not None and not use_installed:
                sections += catalogs(copies[0], Path(folder))
        except ToolError as error:
            sys.stderr.write(f"python -m tools.drift: {error}\n")
            return 2
    sys.stdout.write(text_of(sections))
    return 1 if any(section.found for section in sections) else 0


if __name__ == "__main__":
    sys.exit(main(catalogs=newest_catalogs))
