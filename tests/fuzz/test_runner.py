"""Fuzz runner: repeatable inputs, findings, and a short run."""

import sys
import time
from contextlib import suppress
from io import StringIO

import pytest

from cdk_epc import check_request
from cdk_epc.templates.context.subjects import ALL_SPECS
from fuzz import hostile, own_rules, pipeline, runner, seeds, shared_objects


def test_a_short_run_has_no_findings():
    found = runner.batch(seed=1, start=0, end=400)
    assert found.findings == []
    assert found.outcomes.total() == 400
    assert {"unusable", "checked, exit 0", "checked, exit 1"} <= set(found.outcomes)


def test_seeds_have_every_type_that_the_rules_read():
    for template in seeds.templates():
        assert set(ALL_SPECS) <= {each["Type"] for each in template["Resources"].values()}


def test_an_input_depends_only_on_seed_and_number():
    first = [runner.content_of(7, number) for number in range(50)]
    assert first == [runner.content_of(7, number) for number in range(50)]
    assert first != [runner.content_of(8, number) for number in range(50)]


@pytest.mark.parametrize("error", [KeyError("a"), RecursionError(), SystemExit(2), MemoryError()])
def test_an_exception_is_a_finding(monkeypatch: pytest.MonkeyPatch, error: BaseException):
    def outcome_of(*_: object) -> str:
        raise error

    monkeypatch.setattr(runner, "outcome_of", outcome_of)
    ((number, finding),) = runner.batch(seed=1, start=5, end=6).findings
    assert (number, finding.content) == (5, runner.content_of(1, 5))
    assert type(error).__name__ in finding.traceback


def test_an_input_beyond_the_time_limit_is_a_finding(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(runner, "MAX_SECONDS", 0.05)
    monkeypatch.setattr(runner, "outcome_of", lambda *_: time.sleep(60))
    (finding,) = runner.batch(seed=1, start=0, end=1).findings
    assert "TooLongError" in finding[1].traceback


def test_a_wrong_report_is_a_finding(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pipeline, "main", lambda _: 3)
    with pytest.raises(pipeline.UnexpectedError, match=r"^wrong exit code: 3$"):
        pipeline.outcome_of(b'{"Resources": {}}')


def test_problems_of_names_streams_rules_and_shared_parts_are_findings(
    monkeypatch: pytest.MonkeyPatch,
):
    data = {"ProductionVariants": []}
    assert list(own_rules.problems_of(data, 1)) == []
    monkeypatch.setattr(own_rules, "check_request", lambda *_, rules=(): [] if rules else findings)
    findings = check_request(data)
    (problem,) = own_rules.problems_of(data, 1)
    assert problem.startswith("other findings because of the rules ")

    turns = iter(range(9))

    def main(_: object) -> int:
        if isinstance(sys.stdout, StringIO):
            with suppress(OSError, ValueError):
                sys.stdout.write("::error::a\x1b")
        return next(turns)

    monkeypatch.setattr(hostile, "main", main)
    found = set(hostile.problems_of(b"{}", 1))
    assert {each.partition(":")[0] for each in found} >= {
        "a line that is not printable",
        "a line that is a command",
        "code 1 in place of 0 because of standard error",
    }

    monkeypatch.setattr(shared_objects, "check_request", lambda _: [findings[0]][: next(turns) % 2])
    assert list(shared_objects.problems_of(data, 1)) == ["other findings because of shared parts"]
