"""Rules on the region of a configuration; `test_subjects.py` has a table."""

from __future__ import annotations

import attrs
import pytest
from kit.requests import changed
from kit.subjects import FULL_SUBJECTS, config_context

from cdk_epc.rules import check
from cdk_epc.rules.pedantic import PEDANTIC_RULES


@pytest.mark.parametrize(
    ("before", "concurrency", "findings"),
    [
        (49, 399, []),
        (51, 399, []),
        (0, 400, []),
        (0, 401, ["serverless-quota-exceeded"]),
        (50, 401, ["serverless-quota-exceeded", "serverless-quota-exceeded"]),
        (0, 500, ["serverless-quota-exceeded"]),
        (0, 501, []),
    ],
)
def test_only_the_configuration_that_exceeds_a_quota_first_has_a_finding(
    before: int, concurrency: int, findings: list[str]
) -> None:
    full = FULL_SUBJECTS["config_context"]["serverless"]
    subject = attrs.evolve(
        config_context(full), earlier_serverless_variants=before, earlier_concurrency=concurrency
    )
    assert [each.rule_id for each in check(subject, PEDANTIC_RULES)] == findings


@pytest.mark.parametrize(
    ("region", "instance_type"),
    [
        (None, "ml.p5.48xlarge"),
        ("nowhere-1", "ml.p5.48xlarge"),
        ("us-east-1", "ml.p5.48xlarge"),
        ("eu-west-1", "ml.m6i.large"),  # missing from the price list of us-east-1, too
        ("eu-west-1", "ml.new.large"),
        ("${Token[AWS.Region.1]}", "ml.p5.48xlarge"),
    ],
)
def test_a_type_without_prices_in_the_price_list_has_no_finding(
    region: str | None, instance_type: str
) -> None:
    full = FULL_SUBJECTS["config_context"]["alone"]
    at = ("config", "ProductionVariants", 0, "InstanceType")
    subject = config_context(changed(full, at, instance_type))
    assert check(attrs.evolve(subject, region=region), PEDANTIC_RULES) == []
