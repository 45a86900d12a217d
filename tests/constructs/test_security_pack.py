"""Tests of the pack of security controls with constructs and the validator."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk.aws_ecr import Repository
from aws_cdk.aws_sagemaker import CfnModel
from kit.cdk import new_stack, template_of
from kit.reports import new_app, synth

from cdk_epc import (
    SECURITY_CONTROLS,
    Container,
    ContainerImage,
    EndpointConfig,
    EndpointConfigError,
    EndpointValidator,
    InstanceType,
    InstanceVariant,
    Model,
    Rule,
    ServerlessVariant,
    acknowledge,
)

IMAGE = {"image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"}
REASON = "A test endpoint."


def model(stack: cdk.Stack, id: str) -> Model:
    repository = Repository(stack, f"{id}Repository")
    container = Container(image=ContainerImage.from_ecr_repository(repository, "7"))
    return Model(stack, id, container=container, rules=SECURITY_CONTROLS)


def found(construct: EndpointConfig | Model) -> list[str]:
    return [finding.rule_id for finding in construct.findings_at_synth()]


def test_constructs_with_the_pack() -> None:
    stack = new_stack()
    scorer = model(stack, "Model")
    variant = InstanceVariant(
        "main", model=scorer, instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
    )
    config = EndpointConfig(stack, "Config", production_variants=[variant], rules=SECURITY_CONTROLS)
    assert found(config) == ["security-single-instance", "security-kms-key-missing"]
    assert found(scorer) == [
        "security-network-isolation-missing",
        "security-vpc-missing",
        "security-public-registry",
    ]


def test_model_of_a_serverless_variant_is_skipped() -> None:
    stack = new_stack()
    scorer = model(stack, "Model")
    variant = ServerlessVariant(
        "main", model=scorer, memory_size=cdk.Size.gibibytes(2), max_concurrency=5
    )
    EndpointConfig(stack, "Config", production_variants=[variant])
    assert found(scorer) == []


def test_validator_with_the_pack() -> None:
    app = new_app(rules=SECURITY_CONTROLS)
    stack = cdk.Stack(app, "Stack")
    cfn = CfnModel(stack, "Model", primary_container=IMAGE)
    acknowledge(cfn, "security-public-registry", reason=REASON)
    acknowledge(stack, "security-vpc-missing", reason=REASON)
    violations = [(each.rule, each.construct) for each in synth(app).violations]
    assert violations == [("security-network-isolation-missing", "Stack/Model")]


def test_acknowledgement_of_a_pack_that_is_off() -> None:
    app = new_app()
    stack = cdk.Stack(app, "Stack")
    cfn = CfnModel(stack, "Model", primary_container=IMAGE)
    acknowledge(cfn, "security-public-registry", reason=REASON)
    assert synth(app).violations == []


def test_template_has_acknowledgements_of_the_pack() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config")
    config.add_instance_variant(
        "main", model="fraud", instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
    )
    config.acknowledge("security-kms-key-missing", reason=REASON)
    (resource,) = template_of(stack)["Resources"].values()
    assert resource["Metadata"]["cdk-epc"] == {"acknowledge": {"security-kms-key-missing": REASON}}


def test_id_of_a_control_cannot_be_reused() -> None:
    repeated = Rule(id="security-vpc-missing", title="", why="", check=lambda _: ())
    with pytest.raises(EndpointConfigError, match="rule-id-repeated"):
        EndpointValidator(rules=[repeated])
    assert EndpointValidator(rules=SECURITY_CONTROLS).rule_ids[-1] == SECURITY_CONTROLS[-1].id
