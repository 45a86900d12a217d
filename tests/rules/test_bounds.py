"""Bounds of rules with values that are too long for the table of requests."""

from __future__ import annotations

import pytest
from kit.requests import FULL_REQUESTS, changed, findings_of

BASELINE = "ExplainerConfig.ClarifyExplainerConfig.ShapConfig.ShapBaselineConfig.ShapBaseline"
VARIANT = "ProductionVariants[0]"
BY_PREFIX = FULL_REQUESTS["instances"]["ProductionVariants"][0]["RoutingConfig"]


@pytest.mark.parametrize(
    ("baseline", "findings"),
    [
        ("a" * 4096, []),
        ("a" * 4097, [("value-length-wrong", "a" * 4097)]),
        ("é" * 2048, []),
        ("é" * 2048 + "a", [("explainer-baseline-too-large", "4097 bytes in 2049 characters")]),
        ("é" * 4096, [("explainer-baseline-too-large", "8192 bytes in 4096 characters")]),
        ("é" * 4097, [("value-length-wrong", "é" * 4097)]),
        ("${Token[TOKEN.1]}" + "é" * 4000, []),
    ],
)
def test_an_inline_baseline_has_4_kb(baseline: str, findings: list[tuple[str, str]]) -> None:
    found = findings_of(changed(FULL_REQUESTS["explained"], BASELINE, baseline))
    assert [(each.rule_id, each.got) for each in found] == findings


@pytest.mark.parametrize(
    ("scaling", "count", "findings"),
    [
        ({"Status": "ENABLED", "MinInstanceCount": 1, "MaxInstanceCount": 1}, 1, 1),
        ({"Status": "ENABLED", "MinInstanceCount": 1, "MaxInstanceCount": 2}, 1, 0),
        ({"Status": "ENABLED", "MinInstanceCount": 2, "MaxInstanceCount": 2}, 2, 0),
        ({"MinInstanceCount": 1, "MaxInstanceCount": 2}, 1, 0),
        ({"MinInstanceCount": 1}, 1, 0),
        ({"MaxInstanceCount": 1}, 1, 1),
        ({"Status": "DISABLED", "MinInstanceCount": 1, "MaxInstanceCount": 2}, 1, 1),
        ({"Status": "DISABLED"}, 1, 1),
        ({"Status": "${Token[TOKEN.1]}", "MaxInstanceCount": "${Token[TOKEN.2]}"}, 1, 0),
        ("${Token[TOKEN.1]}", 1, 0),
    ],
)
def test_prefix_aware_routing_on_an_instance_that_never_scales_has_a_warning(
    scaling: object, count: int, findings: int
) -> None:
    request = changed(FULL_REQUESTS["components"], f"{VARIANT}.RoutingConfig", BY_PREFIX)
    request = changed(request, f"{VARIANT}.InitialInstanceCount", count)
    found = findings_of(changed(request, f"{VARIANT}.ManagedInstanceScaling", scaling))
    assert [each.rule_id for each in found] == ["prefix-aware-single-instance"] * findings
