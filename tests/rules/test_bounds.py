"""Bounds of rules with values that are too long for the table of requests."""

from __future__ import annotations

import math

import pytest
from kit.requests import FULL_REQUESTS, changed, findings_of

from cdk_epc import check_request, check_template

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


def test_numbers_that_their_carriers_change() -> None:
    counts = {2**31 - 1: 0, 2**31: 1, 2**53 + 1: 1, 10**400: 1, -(10**299): 1}
    weights = {2**53: 0, 2**53 + 1: 1, 10**16: 0, 2**60: 0, 10**400: 1, 1e300: 0}
    cases = [("InitialInstanceCount", each, wrong) for each, wrong in counts.items()]
    cases += [("InitialVariantWeight", each, wrong) for each, wrong in weights.items()]
    variant = {"VariantName": "a", "ModelName": "m", "InstanceType": "ml.m5.xlarge"}
    of_type = {"Type": "AWS::SageMaker::EndpointConfig"}
    for member, number, wrong in (*cases, ("InitialVariantWeight", -math.inf, 2)):
        variants = [{**variant, "InitialInstanceCount": 1, member: number}]
        request = {"EndpointConfigName": "a", "ProductionVariants": variants}
        template = {"Resources": {"C": {**of_type, "Properties": {"ProductionVariants": variants}}}}
        rule_id = ("", "value-out-of-range", "value-type-wrong")[wrong]
        for findings in (check_request(request), check_template(template)):
            assert [each.rule_id for each in findings if member in each.path] == [rule_id] * (
                wrong > 0
            )
