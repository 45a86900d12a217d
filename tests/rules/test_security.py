"""The pack of security controls: off until asked for, silent where a control cannot be met."""

from __future__ import annotations

from typing import Any

import pytest
from kit.alarms import COMPONENTS, REAL_TIME, SERVERLESS
from kit.specs import changed
from kit.subjects import model, spec_of

from cdk_epc import SECURITY_CONTROLS, check_request
from cdk_epc.rules import RULES, Severity, check
from cdk_epc.rules.registry import PACKED, PACKS, pack_of
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.context import ConfigContext, KnownRole, ModelContext

UNTOLD = "${Token[TOKEN.1]}"
VPC = {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
CONTAINER: dict[str, Any] = {
    "Image": "registry.example.com/fraud:7",
    "ImageConfig": {"RepositoryAccessMode": "Vpc"},
}
SAFE_MODEL: dict[str, Any] = {
    "EnableNetworkIsolation": True,
    "VpcConfig": VPC,
    "PrimaryContainer": CONTAINER,
}
SAFE_CONFIG: dict[str, Any] = {**REAL_TIME, "KmsKeyId": "alias/fraud"}


def without(data: dict[str, Any], member: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != member}


def variants_of(config: Any) -> Any:
    return spec_of(EndpointConfigSpec, config).production_variants


def of_config(data: Any) -> list[tuple[str, str]]:
    found = check(spec_of(EndpointConfigSpec, data), SECURITY_CONTROLS)
    return [(each.rule_id, each.message) for each in found]


def of_model(data: Any, config: Any = REAL_TIME) -> list[tuple[str, str]]:
    subject = ModelContext(model=model(data), variants=variants_of(config))
    return [(each.rule_id, each.message) for each in check(subject, SECURITY_CONTROLS)]


def test_the_pack_is_off() -> None:
    assert PACKS == {"security": SECURITY_CONTROLS}
    assert PACKED == SECURITY_CONTROLS
    assert not {rule.id for rule in RULES} & {rule.id for rule in PACKED}
    assert [pack_of(rule) for rule in (RULES[0], *PACKED)] == [None, *["security"] * len(PACKED)]
    assert check_request({**REAL_TIME, "EndpointConfigName": "c"}) == []


def test_each_control_names_what_it_stands_for() -> None:
    names = [name for rule in SECURITY_CONTROLS for name in rule.facts]
    assert len(names) == len(set(names))
    assert names == [
        "Security Hub SageMaker.4",
        "Config sagemaker-endpoint-config-prod-instance-count",
        "prowler sagemaker_endpoint_config_prod_variant_instances",
        "Config sagemaker-endpoint-configuration-kms-key-configured",
        "cfn-guard SAGEMAKER_ENDPOINT_CONFIGURATION_KMS_KEY_CONFIGURED",
        "cdk-nag SageMakerEndpointConfigurationKMSKeyConfigured",
        "cfn_nag W1200",
        "checkov CKV_AWS_98",
        "prowler sagemaker_endpoint_config_kms_encryption_enabled",
        "Security Hub SageMaker.5",
        "Config sagemaker-model-isolation-enabled",
        "checkov CKV_AWS_370",
        "prowler sagemaker_models_network_isolation_enabled",
        "Config sagemaker-model-in-vpc",
        "prowler sagemaker_models_vpc_settings_configured",
        "Security Hub SageMaker.16",
        "Config sagemaker-model-private-registry-required",
        "Config sagemaker-model-multicontainer-private-registry",
        "prowler sagemaker_full_access_policy_attached",
    ]
    for rule in SECURITY_CONTROLS:
        assert all(name in rule.why for name in rule.facts)


def test_controls_that_most_cannot_meet_are_warnings() -> None:
    warnings = [rule.id for rule in SECURITY_CONTROLS if rule.severity is Severity.WARNING]
    assert warnings == ["security-public-registry"]


COUNT = "ProductionVariants[0].InitialInstanceCount"
ISOLATION = "allowed: true, so that no container reaches the network"
NETWORK = "allowed: subnets and security groups of a VPC of your own"
REGISTRY = "allowed: RepositoryAccessMode Vpc, an image from a private registry in your VPC"


@pytest.mark.parametrize("count", [0, 1])
def test_one_instance(count: int) -> None:
    variant = {**REAL_TIME["ProductionVariants"][0], "InitialInstanceCount": count}
    assert of_config({**SAFE_CONFIG, "ProductionVariants": [variant]}) == [
        (
            "security-single-instance",
            f"{COUNT} is {count}; allowed: 2 or more, so that one may fail",
        )
    ]


def test_no_key() -> None:
    expected = [
        (
            "security-kms-key-missing",
            "KmsKeyId is missing; allowed: a key of your own for the storage volumes",
        )
    ]
    assert of_config(REAL_TIME) == expected
    assert of_config(SERVERLESS) == expected


@pytest.mark.parametrize("type_", ["ml.g5.xlarge", "ml.m5d.large", "ml.madeup.large", UNTOLD])
def test_no_key_where_it_is_refused_or_may_be(type_: str) -> None:
    variant = {**REAL_TIME["ProductionVariants"][0], "InstanceType": type_}
    assert of_config({"ProductionVariants": [variant]}) == []


@pytest.mark.parametrize(
    "config",
    [
        SAFE_CONFIG,
        {**REAL_TIME, "KmsKeyId": UNTOLD},
        {**SERVERLESS, "KmsKeyId": "alias/fraud"},
        {"ProductionVariants": UNTOLD},
    ],
)
def test_a_configuration_that_meets_them(config: Any) -> None:
    assert of_config(config) == []


def test_under_components_the_network_is_the_configurations() -> None:
    assert of_config(COMPONENTS) == [
        ("security-network-isolation-missing", f"EnableNetworkIsolation is missing; {ISOLATION}"),
        ("security-vpc-missing", f"VpcConfig is missing; {NETWORK}"),
    ]
    assert of_config({**COMPONENTS, "EnableNetworkIsolation": True, "VpcConfig": VPC}) == []


@pytest.mark.parametrize(
    ("data", "rule", "message"),
    [
        (
            without(SAFE_MODEL, "EnableNetworkIsolation"),
            "security-network-isolation-missing",
            f"EnableNetworkIsolation is missing; {ISOLATION}",
        ),
        (
            {**SAFE_MODEL, "EnableNetworkIsolation": False},
            "security-network-isolation-missing",
            f"EnableNetworkIsolation is False; {ISOLATION}",
        ),
        (
            without(SAFE_MODEL, "VpcConfig"),
            "security-vpc-missing",
            f"VpcConfig is missing; {NETWORK}",
        ),
        (
            {**SAFE_MODEL, "PrimaryContainer": without(CONTAINER, "ImageConfig")},
            "security-public-registry",
            f"PrimaryContainer.ImageConfig is missing; {REGISTRY}",
        ),
        (
            {
                **without(SAFE_MODEL, "PrimaryContainer"),
                "Containers": [
                    CONTAINER,
                    {**CONTAINER, "ImageConfig": {"RepositoryAccessMode": "Platform"}},
                ],
            },
            "security-public-registry",
            f"Containers[1].ImageConfig: not a private registry; {REGISTRY}",
        ),
    ],
)
def test_a_model_that_breaks_one(data: Any, rule: str, message: str) -> None:
    assert of_model(data) == [(rule, message)]
    # None of them can be met there, whatever the model is.
    assert of_model(data, SERVERLESS) == []


@pytest.mark.parametrize(
    "data",
    [
        SAFE_MODEL,
        {**SAFE_MODEL, "EnableNetworkIsolation": UNTOLD},
        {**SAFE_MODEL, "VpcConfig": UNTOLD},
        {**SAFE_MODEL, "PrimaryContainer": {**CONTAINER, "ImageConfig": UNTOLD}},
        {
            **SAFE_MODEL,
            "PrimaryContainer": {**CONTAINER, "ImageConfig": {"RepositoryAccessMode": UNTOLD}},
        },
        {**SAFE_MODEL, "PrimaryContainer": {"ModelPackageName": "arn:aws:sagemaker:x"}},
    ],
)
def test_a_model_that_meets_them(data: Any) -> None:
    assert of_model(data) == []


def test_full_access() -> None:
    role = KnownRole(logical_id="Role", managed_policies=frozenset({"AmazonSageMakerFullAccess"}))
    subject = ModelContext(model=model(SAFE_MODEL), execution_role=role)
    expected = [
        (
            "security-full-access-policy",
            (
                "ExecutionRoleArn: a role, Role, with AmazonSageMakerFullAccess; allowed: a role "
                "with what the endpoint needs, and no more"
            ),
        )
    ]
    found = check(subject, SECURITY_CONTROLS)
    assert [(each.rule_id, each.message) for each in found] == expected
    config = ConfigContext(config=spec_of(EndpointConfigSpec, SAFE_CONFIG), execution_role=role)
    found = check(config, SECURITY_CONTROLS)
    assert [(each.rule_id, each.message) for each in found] == expected
    bare = KnownRole(logical_id="Role", managed_policies=frozenset({"AmazonS3ReadOnlyAccess"}))
    other = ModelContext(model=model(SAFE_MODEL), execution_role=bare)
    assert check(other, SECURITY_CONTROLS) == []


def test_a_request_can_be_held_to_them() -> None:
    found = check_request({**REAL_TIME, "EndpointConfigName": "c"}, rules=SECURITY_CONTROLS)
    assert [each.rule_id for each in found] == ["security-kms-key-missing"]


@pytest.mark.parametrize(
    ("subject", "fixes"),
    [
        (
            spec_of(EndpointConfigSpec, changed(REAL_TIME, COUNT, 1)),
            ["Begin with 2 instances or more.", "Give a KMS key."],
        ),
        (
            ModelContext(
                model=model({"PrimaryContainer": {"Image": "registry.example.com/fraud:7"}}),
                execution_role=KnownRole(
                    logical_id="Role", managed_policies=frozenset({"AmazonSageMakerFullAccess"})
                ),
            ),
            [
                "Set it to true.",
                "Give a VPC.",
                "Take the image from such a registry; or acknowledge this, for images in ECR.",
                "Take the policy off Role, and grant what is needed.",
            ],
        ),
    ],
)
def test_what_to_do(subject: Any, fixes: list[str]) -> None:
    assert [each.fix for each in check(subject, SECURITY_CONTROLS)] == fixes
