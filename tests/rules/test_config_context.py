"""Each rule of what stands beside a configuration: a good surrounding, one change, the finding."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from kit.specs import changed
from kit.subjects import (
    BAD_SUBJECTS,
    FULL_SUBJECTS,
    MAKERS,
    bad_rows,
    bad_subject,
    config_context,
    expected,
)

from cdk_epc.rules import (
    check,
    deployments,
    endpoints,
    models,
)
from cdk_epc.rules import (
    config_context as neighbours,
)
from cdk_epc.rules import (
    regions as regional,
)
from cdk_epc.rules import (
    role_permissions as access,
)
from cdk_epc.spec import EndpointConfigSpec, EndpointSpec, InstancePool, ProductionVariant
from cdk_epc.spec.context import ConfigContext, ReferencedTarget
from cdk_epc.spec.unresolved import Reference, Unresolved

BAD = bad_rows("config_in_place", "endpoint_in_place")
GOOD = [
    (kind, name)
    for kind in ("config_in_place", "endpoint_in_place")
    for name in FULL_SUBJECTS[kind]
]
VARIANT = ("production_variants", 0)


@pytest.mark.parametrize(("kind", "name"), GOOD)
def test_good_surroundings_have_no_finding(kind: str, name: str) -> None:
    assert check(MAKERS[kind](FULL_SUBJECTS[kind][name])) == []


@pytest.mark.parametrize("row", BAD, ids=[row["id"] for row in BAD])
def test_one_change_to_the_surroundings_gives_exactly_these_findings(row: dict[str, Any]) -> None:
    assert check(bad_subject(row)) == expected(row)


@pytest.mark.parametrize("row", BAD_SUBJECTS, ids=[row["id"] for row in BAD_SUBJECTS])
def test_one_change_breaks_one_rule(row: dict[str, Any]) -> None:
    assert len({finding["rule_id"] for finding in row["findings"]}) == 1


TABLED = (models, deployments, endpoints, neighbours, access, regional)
IN_CODE = {"model-environment-too-large", "model-image-other-region", "vpc-single-subnet"}
"""Rules that other modules test: test_models.py, test_networks.py."""


def test_the_table_covers_every_rule_of_these_modules() -> None:
    in_table = {finding["rule_id"] for row in BAD_SUBJECTS for finding in row["findings"]}
    assert {rule.id for module in TABLED for rule in module.RULES} - in_table == IN_CODE


@pytest.mark.parametrize(
    ("dimension", "findings"),
    [
        ("sagemaker:variant:DesiredInstanceCount", 1),
        (None, 1),
        ("sagemaker:variant:DesiredProvisionedConcurrency", 0),
    ],
)
def test_what_a_target_scales(dimension: str | None, findings: int) -> None:
    full = FULL_SUBJECTS["config_in_place"]["alone"]
    subject = config_context(
        changed(full, ("config", "ProductionVariants", 0, "InstanceType"), "ml.t2.large")
    )
    target = ReferencedTarget(logical_id="Target", dimension=dimension)
    assert len(check(attrs.evolve(subject, scaled={VARIANT: target}))) == findings


@pytest.mark.parametrize("name", ["ml.trn1.2xlarge", "ml.m5.large", "ml.txt", "${Token[TOKEN.1]}"])
def test_what_only_begins_like_a_burstable_type_may_be_scaled(name: str) -> None:
    variant = ProductionVariant(variant_name="blue", model_name="scorer", instance_type=name)
    subject = ConfigContext(
        config=EndpointConfigSpec(production_variants=(variant,)),
        scaled={VARIANT: ReferencedTarget(logical_id="Target")},
    )
    assert [each for each in check(subject) if each.rule_id == "scaling-burstable-type"] == []


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
def test_only_the_configuration_that_goes_beyond_a_quota_is_told(
    before: int, concurrency: int, findings: list[str]
) -> None:
    full = FULL_SUBJECTS["config_in_place"]["serverless"]
    subject = attrs.evolve(
        config_context(full), serverless_before=before, concurrency_before=concurrency
    )
    assert [each.rule_id for each in check(subject)] == findings


@pytest.mark.parametrize(
    ("region", "instance_type"),
    [
        (None, "ml.p5.48xlarge"),
        ("nowhere-1", "ml.p5.48xlarge"),
        ("us-east-1", "ml.p5.48xlarge"),
        ("eu-west-1", "ml.m6i.large"),  # its prices have gaps, in us-east-1 too
        ("eu-west-1", "ml.new.large"),
        ("${Token[AWS.Region.1]}", "ml.p5.48xlarge"),
    ],
)
def test_what_the_prices_do_not_tell_is_not_judged(region: str | None, instance_type: str) -> None:
    full = FULL_SUBJECTS["config_in_place"]["alone"]
    at = ("config", "ProductionVariants", 0, "InstanceType")
    subject = config_context(changed(full, at, instance_type))
    assert check(attrs.evolve(subject, region=region)) == []


CONFIG = "AWS::SageMaker::EndpointConfig"
MODEL = "AWS::SageMaker::Model"
REFERENCES: list[tuple[str, str | None, str]] = [
    (CONFIG, None, "config"),
    (CONFIG, "EndpointConfigArn", "config"),
    (CONFIG, "EndpointConfigName", ""),
    (MODEL, None, "model"),
    (MODEL, "ModelArn", "model"),
    (MODEL, "ModelName", ""),
    ("Custom::Config", None, ""),
]


@pytest.mark.parametrize(("resource", "attribute", "wrong"), REFERENCES)
def test_a_reference_to_an_arn_is_no_name(resource: str, attribute: str | None, wrong: str) -> None:
    name: Any = Unresolved({}, Reference(resource, "It", attribute))
    pool = InstancePool(instance_type="ml.m5.large", model_name_override=name, priority=1)
    variant = ProductionVariant(
        variant_name="blue", model_name=name, instance_pools=(pool,), initial_instance_count=1
    )
    shadow = attrs.evolve(variant, variant_name="green", instance_pools=name)
    subject = EndpointConfigSpec(
        production_variants=(variant,), shadow_production_variants=(shadow,)
    )
    of_model = [each for each in check(subject) if each.rule_id == "model-name-is-arn"]
    of_config = check(EndpointSpec(endpoint_config_name=name))
    assert {(each.message.partition(": ")[2], each.fix) for each in of_model} == (
        {("the ARN of It; allowed: a name", 'Take {"Fn::GetAtt": ["It", "ModelName"]}.')}
        if wrong == "model"
        else set()
    )
    assert [each.path for each in of_model] == (
        [
            "ProductionVariants[0].ModelName",
            "ProductionVariants[0].InstancePools[0].ModelNameOverride",
            "ShadowProductionVariants[0].ModelName",
        ]
        if wrong == "model"
        else []
    )
    assert [(each.rule_id, each.message, each.fix) for each in of_config] == (
        [
            (
                "endpoint-config-name-is-arn",
                "EndpointConfigName: the ARN of It; allowed: a name",
                'Take {"Fn::GetAtt": ["It", "EndpointConfigName"]}.',
            )
        ]
        if wrong == "config"
        else []
    )


def test_a_role_of_two_variants_is_told_once() -> None:
    data = FULL_SUBJECTS["config_in_place"]["one role for two variants"]
    for place in ("ProductionVariants[0]", "ProductionVariants[1]"):
        data = changed(data, ("roles", place, "allowed"), ["s3:*"])
    assert [each.rule_id for each in check(config_context(data))] == [
        "async-role-permissions-missing"
    ]


def test_what_is_no_pool_hides_no_other_pool() -> None:
    full = FULL_SUBJECTS["config_in_place"]["asynchronous with pools"]
    at = ("config", "ProductionVariants", 0, "InstancePools")
    data = changed(changed(full, (*at, 0), "no pool"), (*at, 2, "InstanceType"), "ml.inf2.xlarge")
    (finding,) = check(config_context(data))
    assert finding.path == "ProductionVariants[0].InstancePools[2].InstanceType"


def test_an_expression_that_is_no_reference_is_no_arn() -> None:
    name: Any = Unresolved({"Fn::ImportValue": "name"})
    assert check(EndpointSpec(endpoint_config_name=name)) == []
