"""Security controls: a pack that is off by default, without findings that cannot be fixed."""

from __future__ import annotations

from typing import Any

import pytest
from kit.alarms import COMPONENTS, REAL_TIME, SERVERLESS
from kit.requests import changed
from kit.subjects import model, spec_of

from cdk_epc import PEDANTIC_RULES, SECURITY_CONTROLS, check_request
from cdk_epc.rules import RULES, Severity, check
from cdk_epc.rules.registry import PACKED, PACKS, pack_of
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.context import ConfigContext, ModelContext
from cdk_epc.spec.role import Role

TOKEN = "${Token[TOKEN.1]}"  # noqa: S105 - CDK's encoding of a token
VPC = {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
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


def config_findings(data: Any) -> list[tuple[str, str]]:
    found = check(spec_of(EndpointConfigSpec, data), SECURITY_CONTROLS)
    return [(each.rule_id, each.message) for each in found]


def model_findings(data: Any, config: Any = REAL_TIME) -> list[tuple[str, str]]:
    subject = ModelContext(model=model(data), variants=variants_of(config))
    return [(each.rule_id, each.message) for each in check(subject, SECURITY_CONTROLS)]


def test_the_pack_is_off_by_default() -> None:
    assert PACKS == {"security": SECURITY_CONTROLS, "pedantic": PEDANTIC_RULES}
    assert (*SECURITY_CONTROLS, *PEDANTIC_RULES) == PACKED
    assert not {rule.id for rule in RULES} & {rule.id for rule in PACKED}
    assert [pack_of(rule) for rule in (RULES[0], *PACKED)] == [
        None,
        *["security"] * len(SECURITY_CONTROLS),
        *["pedantic"] * len(PEDANTIC_RULES),
    ]
    assert check_request({**REAL_TIME, "EndpointConfigName": "c"}) == []


def test_each_control_names_the_checks_of_other_tools() -> None:
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


def test_the_controls_of_registries_and_tokens_are_warnings() -> None:
    warnings = [rule.id for rule in SECURITY_CONTROLS if rule.severity is Severity.WARNING]
    assert warnings == ["security-public-registry", "security-hub-token-in-environment"]


COUNT = "ProductionVariants[0].InitialInstanceCount"
ISOLATION = "must be true, so that no container can access the network"
NETWORK = "VpcConfig is required to run the containers in your VPC"
REGISTRY = "must have the access mode Vpc, for an image from a private registry in your VPC"


@pytest.mark.parametrize("count", [0, 1])
def test_a_single_instance(count: int) -> None:
    variant = {**REAL_TIME["ProductionVariants"][0], "InitialInstanceCount": count}
    assert config_findings({**SAFE_CONFIG, "ProductionVariants": [variant]}) == [
        (
            "security-single-instance",
            f"{COUNT} is {count}; must be 2 or more, so that one instance can fail",
        )
    ]


def test_no_key() -> None:
    expected = [
        (
            "security-kms-key-missing",
            "KmsKeyId is required to encrypt the storage volumes with a customer managed key",
        )
    ]
    assert config_findings(REAL_TIME) == expected
    assert config_findings(SERVERLESS) == expected


@pytest.mark.parametrize("type_", ["ml.g5.xlarge", "ml.m5d.large", "ml.madeup.large", TOKEN])
def test_no_key_with_a_type_that_may_exclude_one(type_: str) -> None:
    variant = {**REAL_TIME["ProductionVariants"][0], "InstanceType": type_}
    assert config_findings({"ProductionVariants": [variant]}) == []


@pytest.mark.parametrize(
    "config",
    [
        SAFE_CONFIG,
        {**REAL_TIME, "KmsKeyId": TOKEN},
        {**SERVERLESS, "KmsKeyId": "alias/fraud"},
        {"ProductionVariants": TOKEN},
    ],
)
def test_a_configuration_that_meets_all_controls(config: Any) -> None:
    assert config_findings(config) == []


def test_with_inference_components_the_configuration_decides_on_the_network() -> None:
    assert config_findings(COMPONENTS) == [
        ("security-network-isolation-missing", f"EnableNetworkIsolation is missing; {ISOLATION}"),
        ("security-vpc-missing", NETWORK),
    ]
    assert config_findings({**COMPONENTS, "EnableNetworkIsolation": True, "VpcConfig": VPC}) == []


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
            f"EnableNetworkIsolation is false; {ISOLATION}",
        ),
        (
            without(SAFE_MODEL, "VpcConfig"),
            "security-vpc-missing",
            NETWORK,
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
            f"Containers[1].ImageConfig is not a private registry; {REGISTRY}",
        ),
    ],
)
def test_a_model_that_violates_one_control(data: Any, rule: str, message: str) -> None:
    assert model_findings(data) == [(rule, message)]
    # A serverless variant cannot meet any of these controls.
    assert model_findings(data, SERVERLESS) == []


@pytest.mark.parametrize(
    "data",
    [
        SAFE_MODEL,
        {**SAFE_MODEL, "EnableNetworkIsolation": TOKEN},
        {**SAFE_MODEL, "VpcConfig": TOKEN},
        {**SAFE_MODEL, "PrimaryContainer": {**CONTAINER, "ImageConfig": TOKEN}},
        {
            **SAFE_MODEL,
            "PrimaryContainer": {**CONTAINER, "ImageConfig": {"RepositoryAccessMode": TOKEN}},
        },
        {**SAFE_MODEL, "PrimaryContainer": {"ModelPackageName": "arn:aws:sagemaker:x"}},
    ],
)
def test_a_model_that_meets_all_controls(data: Any) -> None:
    assert model_findings(data) == []


def test_full_access() -> None:
    role = Role(logical_id="Role", managed_policies=frozenset({"AmazonSageMakerFullAccess"}))
    subject = ModelContext(model=model(SAFE_MODEL), execution_role=role)
    expected = [
        (
            "security-full-access-policy",
            "role Role has AmazonSageMakerFullAccess, which allows more than an endpoint needs",
        )
    ]
    found = check(subject, SECURITY_CONTROLS)
    assert [(each.rule_id, each.message) for each in found] == expected
    config = ConfigContext(config=spec_of(EndpointConfigSpec, SAFE_CONFIG), execution_role=role)
    found = check(config, SECURITY_CONTROLS)
    assert [(each.rule_id, each.message) for each in found] == expected
    limited = Role(logical_id="Role", managed_policies=frozenset({"AmazonS3ReadOnlyAccess"}))
    other = ModelContext(model=model(SAFE_MODEL), execution_role=limited)
    assert check(other, SECURITY_CONTROLS) == []


def test_a_request_can_be_checked_with_the_controls() -> None:
    found = check_request({**REAL_TIME, "EndpointConfigName": "c"}, rules=SECURITY_CONTROLS)
    assert [each.rule_id for each in found] == ["security-kms-key-missing"]


@pytest.mark.parametrize(
    ("subject", "fixes"),
    [
        (
            spec_of(EndpointConfigSpec, changed(REAL_TIME, COUNT, 1)),
            ["Set InitialInstanceCount to 2 or more.", "Set KmsKeyId to a KMS key."],
        ),
        (
            ModelContext(
                model=model({"PrimaryContainer": {"Image": IMAGE}}),
                execution_role=Role(
                    logical_id="Role", managed_policies=frozenset({"AmazonSageMakerFullAccess"})
                ),
            ),
            [
                "Set EnableNetworkIsolation to true.",
                "Set VpcConfig to subnets and security groups of your VPC.",
                (
                    "Use an image from such a registry, or acknowledge the finding for images in "
                    "Amazon ECR."
                ),
                "Remove the policy from Role, and allow only the actions that the endpoint needs.",
            ],
        ),
    ],
)
def test_fixes(subject: Any, fixes: list[str]) -> None:
    assert [each.fix for each in check(subject, SECURITY_CONTROLS)] == fixes
