"""`from_request` with the corpus of accepted and rejected requests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from kit.cdk import new_stack, properties_of, template_of

from cdk_epc import Container, EndpointConfig, EndpointConfigError, Model

DATA = Path(__file__).parent.parent / "data"
ACCEPTED = json.loads((DATA / "accepted_requests.json").read_text("utf-8"))
REJECTED = json.loads((DATA / "rejected_requests.json").read_text("utf-8"))

REFUSED_AT = {
    "mis-with-model-0-2": (
        "managed-scaling-with-model",
        "ProductionVariants[0].ManagedInstanceScaling",
    ),
    "ic-without-role": ("inference-component-role-missing", "ExecutionRoleArn"),
    "model-name-spaces": ("value-pattern-mismatch", "ProductionVariants[0].ModelName"),
    "instance-local": ("instance-type-malformed", "ProductionVariants[0].InstanceType"),
    "config-name-trailing-hyphen": ("value-pattern-mismatch", "EndpointConfigName"),
    "volume-on-trn1": ("volume-with-local-storage", "ProductionVariants[0].VolumeSizeInGB"),
    "tf-underscore-name": ("value-pattern-mismatch", "EndpointConfigName"),
    "shadow-with-serverless": (
        "shadow-with-serverless",
        "ProductionVariants[0].ServerlessConfig",
    ),
    "shadow-inf1": ("shadow-on-inf1", "ProductionVariants[0].InstanceType"),
    "mig-two-layouts": (
        "member-not-in-cloudformation",
        "ProductionVariants[0].AcceleratorPartitionLayouts",
    ),
    "ic-with-weight": (
        "inference-component-with-weight",
        "ProductionVariants[0].InitialVariantWeight",
    ),
    "mock-serverless-memory-1111": (
        "serverless-memory-step",
        "ProductionVariants[0].ServerlessConfig.MemorySizeInMB",
    ),
}


def _sorted_tags(properties: dict[str, Any]) -> dict[str, Any]:
    """Sort the tags by key, as CDK's tag manager does; their order has no meaning."""
    tags = sorted(properties.get("Tags", []), key=lambda tag: tag["Key"])
    return {**properties, "Tags": tags}


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case["id"])
def test_accepted_request_is_rendered_unchanged(case: dict[str, Any]) -> None:
    stack = new_stack()
    config = EndpointConfig.from_request(stack, "Config", case["request"])
    assert config.to_request() == case["request"]
    assert _sorted_tags(properties_of(stack)) == _sorted_tags(case["request"])


@pytest.mark.parametrize("case", REJECTED, ids=lambda case: case["id"])
def test_rejected_request_is_refused_at_the_right_path(case: dict[str, Any]) -> None:
    with pytest.raises(EndpointConfigError) as refused:
        EndpointConfig.from_request(new_stack(), "Config", case["request"])
    assert REFUSED_AT[case["id"]] in [(f.rule_id, f.path) for f in refused.value.findings]
    for finding in refused.value.findings:
        assert finding.resource == "Stack/Config"
        assert finding.file == __file__


REQUEST: dict[str, Any] = {
    "ProductionVariants": [
        {
            "VariantName": "main",
            "ModelName": "fraud-7",
            "InstancePools": [
                {"InstanceType": "ml.g5.xlarge", "Priority": 1},
                {
                    "InstanceType": "ml.g6.xlarge",
                    "Priority": 2,
                    "ModelNameOverride": "fraud-7-g6",
                },
            ],
            "InitialInstanceCount": 1,
        },
    ],
    "ShadowProductionVariants": [
        {
            "VariantName": "next",
            "ModelName": "fraud-8",
            "InstanceType": "ml.g5.xlarge",
            "InitialInstanceCount": 1,
        }
    ],
}


def test_names_become_references_to_models() -> None:
    """The configuration depends on the policies of the roles of these models."""
    stack = new_stack()
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
    models: Any = {
        name: Model(stack, name, container=Container(image=image))
        for name in ("fraud-7", "fraud-7-g6")
    }
    config = EndpointConfig.from_request(stack, "Config", REQUEST, models=models)
    assert len(config.role_permissions.roles) == 2
    (main,) = properties_of(stack)["ProductionVariants"]
    (shadow,) = properties_of(stack)["ShadowProductionVariants"]
    assert "Fn::GetAtt" in main["ModelName"]
    assert "Fn::GetAtt" in main["InstancePools"][1]["ModelNameOverride"]
    assert shadow["ModelName"] == "fraud-8"


@pytest.mark.parametrize(
    ("models", "message"),
    [
        (
            {"fraud-9": "fraud"},
            "models has 'fraud-9', which is the name of no model in the request",
        ),
        ({"fraud-8": 7}, "models['fraud-8'] is 7; must be a model (IModelRef) or its name"),
    ],
)
def test_wrong_models(models: Any, message: str) -> None:
    with pytest.raises(EndpointConfigError) as error:
        EndpointConfig.from_request(new_stack(), "Config", REQUEST, models=models)
    assert [each.message for each in error.value.findings] == [message]


def test_features_of_a_request_are_permitted_like_typed_values() -> None:
    stack = new_stack()
    key = f"arn:aws:kms:eu-west-1:111122223333:key/{'0' * 8}-0000-4000-8000-{'0' * 12}"
    topic = "arn:aws:sns:eu-west-1:111122223333:failures"
    variant = {**REQUEST["ShadowProductionVariants"][0], "ModelName": "fraud-7"}
    request = {
        "ProductionVariants": [
            {**variant, "CoreDumpConfig": {"DestinationS3Uri": "s3://dumps/fraud"}}
        ],
        "DataCaptureConfig": {
            "InitialSamplingPercentage": 5,
            "DestinationS3Uri": "s3://capture/fraud",
            "CaptureOptions": [{"CaptureMode": "Input"}],
        },
        "AsyncInferenceConfig": {
            "OutputConfig": {
                "S3OutputPath": "s3://responses/fraud",
                "KmsKeyId": key,
                "NotificationConfig": {"ErrorTopic": topic},
            }
        },
    }
    model = Model(
        stack,
        "Model",
        container=Container(image="111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"),
    )
    EndpointConfig.from_request(stack, "Config", request, models={"fraud-7": model})
    resources = template_of(stack)["Resources"].values()
    policies = [each for each in resources if each["Type"] == "AWS::IAM::Policy"]
    for expected in ("dumps/fraud/*", "capture/fraud/*", "responses/fraud/*", key, topic):
        assert expected in str(policies), expected
