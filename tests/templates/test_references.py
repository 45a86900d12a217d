"""Cache of values for one scenario or for all."""

from __future__ import annotations

from kit.templates import evaluation_of

from cdk_epc.templates.references import cached
from cdk_epc.templates.scenarios import Evaluation


def test_values_that_vary_are_cached_in_their_scenario() -> None:
    for before in (0, 1):
        evaluation = evaluation_of()
        evaluation.scenario.cache["inner"] = "known here"
        evaluation.scenario.varying_reads = before

        def compute(evaluation: Evaluation = evaluation) -> str:
            evaluation.scenario.decide("a", (0, 1))
            return cached(evaluation, "inner", str)

        assert cached(evaluation, "outer", compute) == "known here"
        assert (evaluation.scenario.app.cache, evaluation.scenario.cache["outer"]) == (
            {},
            "known here",
        )
        assert cached(
            evaluation, "again", lambda evaluation=evaluation: cached(evaluation, "inner", str)
        )
        assert "again" in evaluation.scenario.cache


def test_other_values_are_cached_for_all_scenarios() -> None:
    evaluation = evaluation_of()
    assert cached(evaluation, "outer", lambda: cached(evaluation, "inner", lambda: 1) + 1) == 2
    assert (evaluation.scenario.app.cache, evaluation.scenario.cache) == (
        {"inner": 1, "outer": 2},
        {},
    )
    assert cached(evaluation, "outer", int) == 2
