"""Limits of moto, and the differences that they cause in the other tests.

Updates cannot be tested: the configuration of the endpoint after an update, the old one or the new
one, differs with moto from run to run.
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from kit.differences import Differences, difference
from kit.moto_server import Cloud, description_of
from kit.references import ACCOUNT, APART, CONFIG, ENDPOINT, MODEL, REGION

pytestmark = pytest.mark.pin_only

ROLE = "arn:aws:iam::123456789012:role/sagemaker"


def model(**properties: Any) -> dict[str, Any]:
    given = {"ExecutionRoleArn": ROLE, "PrimaryContainer": {"Image": "image"}, **properties}
    return {"Type": MODEL, "Properties": given}


def config(variant: dict[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    given = {
        "VariantName": "only",
        "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
        "InitialVariantWeight": 1,
        **(variant or {}),
    }
    return {"Type": CONFIG, "Properties": {"ProductionVariants": [given], **properties}}


def endpoint(**properties: Any) -> dict[str, Any]:
    name = {"Fn::GetAtt": ["Config", "EndpointConfigName"]}
    return {"Type": ENDPOINT, "Properties": {"EndpointConfigName": name, **properties}}


def template(**resources: Any) -> dict[str, Any]:
    return {"Resources": {"Model": model(), "Config": config(), **resources}}


@pytest.mark.parametrize(
    ("name", "resource", "expected"),
    [
        (
            "Model",
            model(EnableNetworkIsolation=True, InferenceExecutionConfig={"Mode": "Direct"}),
            Differences(
                lost=["InferenceExecutionConfig"],
                changed=["EnableNetworkIsolation"],
                added=["CreationTime", "ModelArn", "ModelName"],
            ),
        ),
        (
            "Config",
            config(
                ExecutionRoleArn=ROLE,
                EnableNetworkIsolation=True,
                VpcConfig={"Subnets": ["a"], "SecurityGroupIds": ["b"]},
                MetricsConfig={"EnableEnhancedMetrics": True},
                ExplainerConfig={"ClarifyExplainerConfig": {}},
                ShadowProductionVariants=[{"VariantName": "next"}],
            ),
            Differences(
                lost=[
                    "EnableNetworkIsolation",
                    "ExecutionRoleArn",
                    "ExplainerConfig",
                    "MetricsConfig",
                    "ShadowProductionVariants",
                    "VpcConfig",
                ],
                added=["CreationTime", "EndpointConfigArn", "EndpointConfigName"],
            ),
        ),
        (
            "Endpoint",
            endpoint(
                EndpointName="fraud",
                DeploymentConfig={"RollingUpdatePolicy": {}},
                RetainAllVariantProperties=True,
                ExcludeRetainedVariantProperties=[{"VariantPropertyType": "DesiredWeight"}],
                RetainDeploymentConfig=True,
            ),
            Differences(
                lost=[
                    "DeploymentConfig",
                    "ExcludeRetainedVariantProperties",
                    "RetainAllVariantProperties",
                    "RetainDeploymentConfig",
                ],
                changed=["EndpointName"],
                added=[
                    "CreationTime",
                    "EndpointArn",
                    "EndpointStatus",
                    "LastModifiedTime",
                    "ProductionVariants",
                ],
            ),
        ),
    ],
)
def test_lost_members(
    cloud: Cloud, name: str, resource: dict[str, Any], expected: Differences
) -> None:
    deployed = cloud.deploy(template(**{name: resource}))

    assert difference(deployed[name].properties, description_of(cloud, deployed[name])) == expected


@pytest.mark.filterwarnings("ignore:Tried to parse AWS.:UserWarning")  # which is what is shown
@pytest.mark.parametrize("type_name", sorted(APART))
def test_ignored_types(cloud: Cloud, type_name: str) -> None:
    deployed = cloud.deploy(template(Ignored={"Type": type_name, "Properties": {}}))

    assert deployed["Ignored"].id is None


def test_inference_components_have_no_api(cloud: Cloud) -> None:
    with pytest.raises((ClientError, ResponseParserError)):
        cloud.client("sagemaker").list_inference_components()


@pytest.mark.parametrize(
    ("name", "resource", "message"),
    [
        ("Config", config({"InstanceType": "ml.g5.xlarge"}), "Value 'ml.g5.xlarge' at 'instanceT"),
        ("Config", config({"ModelName": "nobody"}), "Could not find model 'arn:aws:sagemaker:eu"),
        ("Endpoint", endpoint(EndpointConfigName="none"), "Could not find endpoint configuration"),
        (
            "Config",
            config({"ModelName": {"Fn::GetAtt": ["Model", "ModelArn"]}}),
            "Template error: resource Model does not support attribute type ModelArn",
        ),
    ],
)
def test_refused(cloud: Cloud, name: str, resource: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError, match=message):
        cloud.deploy(template(**{name: resource}))


@pytest.mark.parametrize("missing", ["PrimaryContainer", "ExecutionRoleArn"])
def test_models_without_primary_container(cloud: Cloud, missing: str) -> None:
    from moto.sagemaker.models import Model

    resource = model(Containers=[{"Image": "image"}])
    del resource["Properties"][missing]

    with pytest.raises(ResponseParserError):
        cloud.deploy(template(Model=resource))
    # The cause of this response:
    with pytest.raises(KeyError, match=missing):
        Model.create_from_cloudformation_json(
            "Name", resource, account_id=ACCOUNT, region_name=REGION
        )


def test_weight_of_zero_is_lost_in_the_endpoint_only(
    cloud: Cloud,
) -> None:
    idle = config({"InitialVariantWeight": 0})

    deployed = cloud.deploy(template(Config=idle, Endpoint=endpoint()))

    assert (
        description_of(cloud, deployed["Config"])["ProductionVariants"][0]["InitialVariantWeight"]
        == 0
    )
    assert description_of(cloud, deployed["Endpoint"])["ProductionVariants"] == [
        {"VariantName": "only", "CurrentInstanceCount": 1, "DesiredInstanceCount": 1}
    ]
