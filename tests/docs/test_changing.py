"""Table of common changes in the guide to updates."""

from __future__ import annotations

from pathlib import Path

from tools.docs.changes import CASES, generate_changes, report_of

ROOT = Path(__file__).parents[2]


def test_the_table_is_up_to_date() -> None:
    ((path, text),) = generate_changes().items()
    assert (ROOT / path).read_text("utf-8") == text, "run `python -m tools docs`"


def test_every_change_is_told() -> None:
    assert len(CASES) == 15
    for case in CASES:
        report = report_of(case)
        assert report.findings or report.plans or report.notes, case.title
