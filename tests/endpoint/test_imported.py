"""`ImportedEndpoint`: names, ARNs, variants and grants."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from kit.cdk import new_stack
from kit.endpoints import caller, refused, statements_of

from cdk_epc import Endpoint, EndpointBase, EndpointKind, VariantReference

ARN = "arn:aws-cn:sagemaker:cn-north-1:111122223333:endpoint/fraud"
HERE = [
    "arn:",
    {"Ref": "AWS::Partition"},
    ":sagemaker:",
    {"Ref": "AWS::Region"},
    ":",
    {"Ref": "AWS::AccountId"},
]


def seen(stack: cdk.Stack, endpoint: EndpointBase) -> list[object]:
    names = (endpoint.endpoint_arn, endpoint.endpoint_name, endpoint.name_in_metrics)
    return [stack.resolve(name) for name in names]


def test_import_by_arn() -> None:
    stack = new_stack()
    endpoint = Endpoint.from_endpoint_arn(stack, "Endpoint", ARN)
    assert seen(stack, endpoint) == [ARN, "fraud", "fraud"]
    assert (endpoint.env.account, endpoint.env.region) == ("111122223333", "cn-north-1")
    assert endpoint.endpoint_ref.endpoint_arn == ARN
    assert (endpoint.endpoint_kind, endpoint.async_input, endpoint.is_multi_model) == (
        None,
        None,
        None,
    )


def test_import_by_name_has_an_arn_in_lower_case() -> None:
    """IAM compares with the ARN in lower case; a dimension has the original case."""
    stack = new_stack()
    endpoint = Endpoint.from_endpoint_name(stack, "Endpoint", "Fraud-EU")
    arn = {"Fn::Join": ["", [*HERE, ":endpoint/fraud-eu"]]}
    assert seen(stack, endpoint) == [arn, "Fraud-EU", "Fraud-EU"]


def test_import_by_attributes() -> None:
    stack = new_stack()
    endpoint = Endpoint.from_endpoint_attributes(
        stack,
        "Endpoint",
        endpoint_arn=ARN,
        endpoint_name="Fraud",
        endpoint_kind=EndpointKind.ASYNCHRONOUS,
        async_input="s3://bucket/requests/",
    )
    assert seen(stack, endpoint) == [ARN, "Fraud", "Fraud"]
    assert (endpoint.endpoint_kind, endpoint.async_input) == (
        "asynchronous",
        "s3://bucket/requests/",
    )


def test_import_by_tokens() -> None:
    stack = new_stack()
    name = cdk.CfnParameter(stack, "Name").value_as_string
    by_name = Endpoint.from_endpoint_name(stack, "ByName", name)
    arn = {"Fn::Join": ["", [*HERE, ":endpoint/", {"Ref": "Name"}]]}
    assert seen(stack, by_name) == [arn, {"Ref": "Name"}, {"Ref": "Name"}]
    by_arn = Endpoint.from_endpoint_arn(stack, "ByArn", cdk.Fn.import_value("arn"))
    own = {"Fn::Select": [1, {"Fn::Split": [":endpoint/", {"Fn::ImportValue": "arn"}]}]}
    assert seen(stack, by_arn) == [{"Fn::ImportValue": "arn"}, own, own]


def test_variant_of_an_imported_endpoint_is_a_reference() -> None:
    endpoint = Endpoint.from_endpoint_name(new_stack(), "Endpoint", "fraud")
    variant = endpoint.variant("main")
    assert type(variant) is VariantReference
    assert (variant.endpoint, variant.variant_name) == (endpoint, "main")


@pytest.mark.parametrize("name", ["fraud", "Fraud"])
def test_grant_has_the_arn_in_lower_case(name: str) -> None:
    stack = new_stack()
    Endpoint.from_endpoint_name(stack, "Endpoint", name).grant_invoke(caller(stack))
    assert statements_of(stack, "Caller") == [
        {
            "Action": [
                "sagemaker:InvokeEndpoint",
                "sagemaker:InvokeEndpointWithResponseStream",
            ],
            "Effect": "Allow",
            "Resource": {"Fn::Join": ["", [*HERE, ":endpoint/fraud"]]},
        }
    ]


def test_import_without_name_and_arn_is_refused() -> None:
    stack = new_stack()
    assert refused(lambda: Endpoint.from_endpoint_attributes(stack, "Endpoint")) == [
        "error argument-type-wrong: endpoint_name or endpoint_arn is required to import an endpoint"
    ]
    assert stack.node.children == []
