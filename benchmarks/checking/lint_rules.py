"""Cost of `cdk_epc.cfn_lint` within cfn-lint."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from cfnlint.config import ConfigMixIn
from cfnlint.runner import Runner
from cfnlint.runner.template.runner import (
    run_template_by_file_path,
)

from benchmarks.checking.checkers import REGION
from benchmarks.checking.templates import write
from benchmarks.report import Row, compared
from benchmarks.rounds import run_rounds

TEMPLATES: Final = 50
MODULE: Final = "cdk_epc.cfn_lint"
_MOST: Final = 1.5


def rows(folder: Path, rounds: int) -> Iterator[Row]:
    """Yield the time of cfn-lint with these rules / without them, for small templates."""
    folder.mkdir()
    files = write(folder, "yaml", [1] * TEMPLATES)
    runners = {name: new_runner(modules) for name, modules in (("with", [MODULE]), ("without", []))}
    for runner in runners.values():
        lint(runner, files[:1])  # the first run loads the schemas
    candidates = {name: partial(_seconds, runner, files) for name, runner in runners.items()}
    seconds = run_rounds(candidates, rounds)
    title = f"cfn-lint of {TEMPLATES} templates with cdk_epc.cfn_lint / without"
    yield compared(title, seconds["with"], seconds["without"], _MOST)


def new_runner(modules: Sequence[str]) -> Runner:
    """Return a runner of cfn-lint with its own rules and those of these modules."""
    return Runner(ConfigMixIn(regions=[REGION], append_rules=list(modules)))


def lint(runner: Runner, files: Sequence[Path]) -> list[str]:
    """Check files with cfn-lint and return the ids of its findings."""
    return [
        match.rule.id
        for file in files
        for match in run_template_by_file_path(str(file), runner.config, runner.rules, False)  # noqa: FBT003
    ]


def _seconds(runner: Runner, files: Sequence[Path]) -> float:
    start = time.process_time()
    lint(runner, files)
    return time.process_time() - start
