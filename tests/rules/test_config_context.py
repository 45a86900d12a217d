"""Rules on a configuration with its models and scalable targets; `test_subjects.py` has a table."""

from __future__ import annotations

import attrs
import pytest
from kit.requests import changed
from kit.subjects import FULL_SUBJECTS, config_context

from cdk_epc.rules import check
from cdk_epc.rules.pedantic import PEDANTIC_RULES
from cdk_epc.spec import EndpointConfigSpec, ProductionVariant
from cdk_epc.spec.context import ConfigContext, ReferencedTarget

VARIANT = ("production_variants", 0)


@pytest.mark.parametrize(
    ("dimension", "findings"),
    [
        ("sagemaker:variant:DesiredInstanceCount", 1),
        (None, 1),
        ("sagemaker:variant:DesiredProvisionedConcurrency", 0),
    ],
)
def test_only_scaled_instances_must_not_be_burstable(dimension: str | None, findings: int) -> None:
    full = FULL_SUBJECTS["config_context"]["alone"]
    subject = config_context(
        changed(full, ("config", "ProductionVariants", 0, "InstanceType"), "ml.t2.large")
    )
    target = ReferencedTarget(logical_id="Target", dimension=dimension)
    assert len(check(attrs.evolve(subject, scalable_targets={VARIANT: target}))) == findings


@pytest.mark.parametrize("name", ["ml.trn1.2xlarge", "ml.m5.large", "ml.txt", "${Token[TOKEN.1]}"])
def test_other_types_may_be_scaled(name: str) -> None:
    variant = ProductionVariant(variant_name="blue", model_name="scorer", instance_type=name)
    subject = ConfigContext(
        config=EndpointConfigSpec(production_variants=(variant,)),
        scalable_targets={VARIANT: ReferencedTarget(logical_id="Target")},
    )
    assert [each for each in check(subject) if each.rule_id == "scaling-burstable-type"] == []


def test_a_variant_without_a_known_name_is_still_reported() -> None:
    full = FULL_SUBJECTS["config_context"]["serverless"]
    data = changed(full, ("config", "ProductionVariants", 0, "VariantName"), "${Token[TOKEN.1]}")
    model = ("models", "ProductionVariants[0].ModelName", "model")
    with_many = changed(data, (*model, "PrimaryContainer", "Mode"), "MultiModel")
    isolated = changed(data, (*model, "EnableNetworkIsolation"), value=True)
    found = [*check(config_context(with_many)), *check(config_context(isolated))]
    assert [each.message for each in found] == [
        "a serverless variant cannot run model Model, which has a multi-model container",
        "a serverless variant cannot run model Model, which has network isolation",
    ]


def test_an_invalid_pool_does_not_hide_another_pool() -> None:
    full = FULL_SUBJECTS["config_context"]["asynchronous with pools"]
    at = ("config", "ProductionVariants", 0, "InstancePools")
    data = changed(changed(full, (*at, 0), "no pool"), (*at, 2, "InstanceType"), "ml.inf2.xlarge")
    (finding,) = check(config_context(data), PEDANTIC_RULES)
    assert finding.path == "ProductionVariants[0].InstancePools[2].InstanceType"
