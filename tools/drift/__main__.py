"""The command line: ``python -m tools.drift`` lists what AWS has and we lack, or that changed.

It downloads the newest botocore and cfn-lint and reads SageMaker's API model and CloudFormation's
schemas out of them; with ``--installed`` it reads those of this environment instead, and needs no
network. Differences that are meant stand in ``tools/drift/known``, with their reasons.

Exit status: 0 if there is nothing to list, 1 if there is, 2 if a source is out of reach. To take
over what a newer model says, declare the members in ``cdk_epc/spec`` and run
``python -m tools --newest``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.drift.compare import compare
from tools.drift.report import text_of
from tools.errors import ToolError
from tools.published.copies import BOTOCORE, CFN_LINT, Copy, installed, newest


def main(
    arguments: Sequence[str] | None = None,
    *,
    download: Callable[[str, Path], Copy] = newest,
) -> int:
    """List what has drifted, and return the exit status.

    Args:
        arguments: The words after ``python -m tools.drift``; those of the process by default.
        download: Gives the newest copy of a package, with its files in a folder.
    """
    parser = argparse.ArgumentParser(
        prog="python -m tools.drift",
        description="List what AWS's published models say otherwise than this library.",
    )
    parser.add_argument(
        "--installed",
        action="store_true",
        help="compare with the botocore and cfn-lint of this environment, without a network",
    )
    use_installed: bool = parser.parse_args(arguments).installed
    with TemporaryDirectory() as folder:
        try:
            copies = [
                installed(name) if use_installed else download(name, Path(folder))
                for name in (BOTOCORE, CFN_LINT)
            ]
            sections = compare(*copies)
        except ToolError as error:
            sys.stderr.write(f"python -m tools.drift: {error}\n")
            return 2
    sys.stdout.write(text_of(sections))
    return 1 if any(section.found for section in sections) else 0


if __name__ == "__main__":
    sys.exit(main())
