"""`EndpointConfig`: handles, summary, imports, references, tags, tokens and requests."""

from __future__ import annotations

import datetime as dt
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.aws_sagemaker import CfnEndpointConfig
from aws_cdk.interfaces.aws_sagemaker import IEndpointConfigRef, IModelRef
from kit.cdk import new_stack, properties_of, template_of
from kit.features import FEATURES, model

from cdk_epc import (
    DataCapture,
    EndpointConfig,
    EndpointConfigError,
    InstanceType,
    InstanceVariant,
    ServerlessVariant,
    VariantHandle,
)

ARN = "arn:aws:sagemaker:eu-west-1:111122223333:endpoint-config/shop"


def weights(*given: float | None) -> list[VariantHandle]:
    config = EndpointConfig(new_stack(), "Config")
    return [
        config.add_instance_variant(
            f"v{index}",
            model="m",
            instance_type=InstanceType.ML_M5_LARGE,
            initial_instance_count=1,
            initial_weight=weight,
        )
        for index, weight in enumerate(given)
    ]


@pytest.mark.parametrize(
    ("given", "shares"),
    [
        ((2, 1), (2 / 3, 1 / 3)),
        ((1, 0), (1.0, 0.0)),
        ((None, 3), (0.25, 0.75)),
        ((None,), (1.0,)),
        ((0, 0), (None, None)),
        ((cdk.Token.as_number({"Ref": "Weight"}), 1), (None, None)),
    ],
)
def test_traffic_share(given: tuple[Any, ...], shares: tuple[float | None, ...]) -> None:
    assert tuple(handle.traffic_share for handle in weights(*given)) == shares


def test_handle_of_a_shadow_variant() -> None:
    live, shadow = FEATURES["shadow_test"](new_stack()).variants
    assert (live.variant_name, live.is_shadow, live.traffic_share) == ("live", False, 1.0)
    assert (shadow.variant_name, shadow.is_shadow, shadow.traffic_share) == ("next", True, 0.5)


def test_summary() -> None:
    config = FEATURES["ab_test"](new_stack())
    config.capture_data(destination="s3://bucket/x", sampling_percentage=20)
    assert str(config) == "\n".join(  # noqa: FLY002 - a line a line
        [
            "EndpointConfig Stack/Config",
            "  variant blue: 2 x ml.m5.large, model (known at deployment), 66.7% of the traffic",
            "  variant green: 1 x ml.c7g.large, model challenger, 33.3% of the traffic",
            "  capture of 20% of the requests to s3://bucket/x",
        ]
    )


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_has_a_summary(feature: str) -> None:
    assert "Token" not in str(FEATURES[feature](new_stack()))


def test_default_child_is_the_l1() -> None:
    config = FEATURES["ab_test"](new_stack())
    assert isinstance(config.node.default_child, CfnEndpointConfig)


def test_reference_is_accepted_by_cdk() -> None:
    stack = new_stack()
    config = FEATURES["ab_test"](stack)
    reference: IEndpointConfigRef = config
    assert stack.resolve(CfnEndpointConfig.arn_for_endpoint_config(reference)) == stack.resolve(
        config.endpoint_config_arn
    )


def test_import_by_arn() -> None:
    stack = new_stack()
    imported = EndpointConfig.from_endpoint_config_arn(stack, "Imported", ARN)
    assert imported.endpoint_config_arn == ARN
    assert imported.endpoint_config_name == "shop"
    assert imported.endpoint_config_ref.endpoint_config_arn == ARN
    assert imported.env.region == "eu-west-1"
    assert [child.node.id for child in imported.node.children] == []


def test_import_by_name() -> None:
    stack = new_stack()
    imported = EndpointConfig.from_endpoint_config_name(stack, "Imported", "shop")
    assert imported.endpoint_config_name == "shop"
    assert "endpoint-config/shop" in str(stack.resolve(imported.endpoint_config_arn))


def test_other_environments_refer_to_the_fixed_name() -> None:
    app = cdk.App(analytics_reporting=False)
    here = cdk.Stack(app, "Here", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    there = cdk.Stack(app, "There", env=cdk.Environment(account="111122223333", region="eu-west-2"))
    config = EndpointConfig(here, "Config", endpoint_config_name="fixed")
    config.add_instance_variant(
        "v", model="m", instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
    )
    cdk.CfnOutput(there, "Arn", value=config.endpoint_config_arn)
    cdk.CfnOutput(there, "Name", value=config.endpoint_config_name)
    outputs = template_of(there)["Outputs"]
    assert outputs["Name"]["Value"] == "fixed"
    assert outputs["Arn"]["Value"]["Fn::Join"][1][-1].endswith("endpoint-config/fixed")


def test_tags_by_argument_and_by_aspect() -> None:
    stack = new_stack()
    config = EndpointConfig(
        stack,
        "Config",
        tags={"b": "1", "a": "2"},
        production_variants=[
            InstanceVariant(
                "v", model="m", instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
            )
        ],
    )
    cdk.Tags.of(config).add("c", "3")
    assert properties_of(stack)["Tags"] == [
        {"Key": k, "Value": v} for k, v in zip("abc", "213", strict=True)
    ]


def test_tokens_are_rendered_and_not_checked() -> None:
    stack = new_stack()
    number = cdk.CfnParameter(stack, "Number", type="Number").value_as_number
    text = cdk.CfnParameter(stack, "Text").value_as_string
    texts = cdk.CfnParameter(stack, "Texts", type="CommaDelimitedList").value_as_list
    config = EndpointConfig(stack, "Config", execution_role=text, tags={"key": text, text: "x"})
    config.add_instance_variant(
        text,
        model=text,
        instance_type=InstanceType.of(text),
        initial_instance_count=number,
        initial_weight=number,
        model_data_download_timeout=cdk.Duration.seconds(number),
        volume_size=cdk.Size.gibibytes(number),
    )
    config.capture_data(
        destination=text, sampling_percentage=number, csv_content_types=texts, encryption_key=text
    )
    config.place_in_vpc(
        vpc=ec2.Vpc.from_vpc_attributes(
            stack, "Vpc", vpc_id=text, availability_zones=["a"], private_subnet_ids=[text]
        ),
        security_groups=[ec2.SecurityGroup.from_security_group_id(stack, "Group", text)],
    )
    variant = properties_of(stack)["ProductionVariants"][0]
    assert variant["InitialInstanceCount"] == variant["VolumeSizeInGB"] == {"Ref": "Number"}
    assert variant["ModelDataDownloadTimeoutInSeconds"] == {"Ref": "Number"}
    assert variant["InstanceType"] == variant["VariantName"] == {"Ref": "Text"}


def test_serverless_variant_of_tokens() -> None:
    stack = new_stack()
    number = cdk.CfnParameter(stack, "Number", type="Number").value_as_number
    variant = ServerlessVariant(
        "v", model="m", memory_size=cdk.Size.mebibytes(number), max_concurrency=number
    )
    EndpointConfig(stack, "Config", production_variants=[variant])
    assert properties_of(stack)["ProductionVariants"][0]["ServerlessConfig"] == {
        "MaxConcurrency": {"Ref": "Number"},
        "MemorySizeInMB": {"Ref": "Number"},
    }


def test_model_with_a_reference_only() -> None:
    stack = new_stack()
    reference: IModelRef = model(stack)

    class OnlyAReference:
        model_ref = reference.model_ref

    config = EndpointConfig(stack, "Config")
    config.add_instance_variant(
        "v",
        model=OnlyAReference(),  # type: ignore[arg-type]  # as an interface from Node looks
        instance_type=InstanceType.ML_M5_LARGE,
        initial_instance_count=1,
    )
    name = properties_of(stack)["ProductionVariants"][0]["ModelName"]
    assert name == {"Fn::Select": [1, {"Fn::Split": [":model/", {"Ref": "Model"}]}]}


def test_description_is_converted() -> None:
    variants = [
        {
            "VariantName": "hosts",
            "InstanceType": "ml.g5.2xlarge",
            "InitialInstanceCount": 1,
            "InitialVariantWeight": 1.0,
            "VolumeSizeInGB": 450,
        }
    ]
    description = {
        "EndpointConfigName": "shop",
        "EndpointConfigArn": ARN,
        "ProductionVariants": variants,
        "ExecutionRoleArn": "arn:aws:iam::111122223333:role/sagemaker",
        "EnableNetworkIsolation": False,
        "CreationTime": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        "ResponseMetadata": {"HTTPStatusCode": 200},
    }
    config = EndpointConfig.from_request(new_stack(), "Config", description)
    kept = {k: v for k, v in variants[0].items() if not k.endswith(("Weight", "InGB"))}
    assert config.to_request() == {
        "EndpointConfigName": "shop",
        "ProductionVariants": [kept],
        "ExecutionRoleArn": "arn:aws:iam::111122223333:role/sagemaker",
        "EnableNetworkIsolation": False,
    }
    assert [(f.rule_id, f.path, f.got) for f in config.findings_at_synth()] == [
        ("name-fixed", "endpoint_config_name", "shop"),
    ]


def test_response_member_in_a_request_is_refused() -> None:
    request = {"ResponseMetadata": {}, "ProductionVariants": []}
    with pytest.raises(EndpointConfigError) as refused:
        EndpointConfig.from_request(new_stack(), "Config", request)
    assert [(f.rule_id, f.path) for f in refused.value.findings] == [
        ("member-unknown", "ResponseMetadata")
    ]


@pytest.mark.parametrize("marker", [{}, {"EndpointConfigArn": ARN}])
def test_member_that_the_construct_cannot_write_is_refused(marker: dict[str, Any]) -> None:
    with pytest.raises(EndpointConfigError) as refused:
        EndpointConfig.from_request(new_stack(), "Config", {**marker, "QuantumConfig": {}})
    found = [(f.rule_id, f.path, str(f.severity)) for f in refused.value.findings]
    assert found == [("member-unpublished", "QuantumConfig", "error")]


@pytest.mark.parametrize("request_", [None, [], "ProductionVariants"])
def test_wrong_type_of_request_is_refused(request_: Any) -> None:
    with pytest.raises(EndpointConfigError, match="argument-type-wrong"):
        EndpointConfig.from_request(new_stack(), "Config", request_)


def test_from_request_of_a_subclass() -> None:
    class Company(EndpointConfig):
        def __init__(self, scope: cdk.Stack, id: str, **given: Any) -> None:
            given.setdefault(
                "data_capture", DataCapture(destination="s3://audit/", sampling_percentage=5)
            )
            super().__init__(scope, id, **given)

    request = {
        "ProductionVariants": [
            {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large"}
        ]
    }
    config = Company.from_request(new_stack(), "Config", request)
    assert type(config) is Company
    assert config.to_request()["DataCaptureConfig"]["DestinationS3Uri"] == "s3://audit/"
