"""Fixtures of all tests of rules, and the stored texts of the findings in their tables.

The tables of these tests compare rule ids, which says nothing about the texts. So each finding of
a module's tests must be one of the stored ones in ``tests/data/finding_texts/<module>.json``:
path, wrong value, message, advice, and where the violation has them, its source and advice to
Python code. A module without such a file is not compared.

    python -m pytest tests/rules -n 0 --write-finding-texts

stores them anew. Read the difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from unittest import mock

import pytest

from cdk_epc.rules import fields
from cdk_epc.rules.finding import Finding, Language, shown
from cdk_epc.rules.rule import Diagnostic, Violation

FOLDER: Final = Path(__file__).resolve().parents[1] / "data" / "finding_texts"
WRITE: Final = "--write-finding-texts"
FOUND: Final[dict[str, dict[str, set[tuple[str, ...]]]]] = {}
"""Texts of the findings of each module by rule, for ``--write-finding-texts``."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(WRITE, action="store_true", help="store the texts of the findings anew")


@pytest.fixture(autouse=True)
def _without_cached_tests() -> None:
    """Forget the tests of each member, because a mutant of them would reach one test only."""
    vars(fields)["_TESTED"].clear()


@pytest.fixture(autouse=True)
def _with_stored_texts(request: pytest.FixtureRequest) -> Iterator[None]:
    """Require that the texts of a test's findings are those stored for its module."""
    module = request.path.stem.removeprefix("test_")
    stored = FOLDER / f"{module}.json"
    is_written = request.config.getoption(WRITE)
    if not stored.exists():
        yield
        return
    found: dict[str, set[tuple[str, ...]]] = {}
    finding_of = Finding.of

    def recorded(
        diagnostic: Diagnostic,
        violation: Violation,
        path: str,
        language: Language = Language.AWS,
        arguments: Mapping[str, str] | None = None,
    ) -> Finding:
        in_aws = finding_of(diagnostic, violation, path)
        in_python = finding_of(diagnostic, violation, path, Language.PYTHON)
        own = [] if violation.source_url is None else [violation.source_url]
        own += [] if violation.python_fix is None else [in_python.fix]
        if not diagnostic.id.startswith("value-"):  # test_bounds.py has these for each member
            texts = (path, shown(in_aws.got), in_aws.message, in_aws.fix, *own)
            found.setdefault(diagnostic.id, set()).add(texts)
        return finding_of(diagnostic, violation, path, language, arguments)

    with mock.patch.object(Finding, "of", recorded):
        yield
    if is_written:
        for rule_id, texts in found.items():
            FOUND.setdefault(module, {}).setdefault(rule_id, set()).update(texts)
        return
    known = json.loads(stored.read_bytes())
    for rule_id, texts in found.items():
        assert texts <= {tuple(each) for each in known.get(rule_id, ())}


def pytest_sessionfinish() -> None:
    for module, found in FOUND.items():
        texts = {rule_id: sorted(found[rule_id]) for rule_id in sorted(found)}
        path = FOLDER / f"{module}.json"
        path.write_text(json.dumps(texts, ensure_ascii=False, indent=1) + "\n", "utf-8")
