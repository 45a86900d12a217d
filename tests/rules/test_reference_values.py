"""References whose value has the wrong form for its member, in every way to write them."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_epc import check_template
from cdk_epc.templates import TemplateInput, review_app

REFERRED = {
    "Repository": "AWS::ECR::Repository",
    "Bucket": "AWS::S3::Bucket",
    "Topic": "AWS::SNS::Topic",
    "Queue": "AWS::SQS::Queue",
    "Parameter": "AWS::SSM::Parameter",
    "Profile": "AWS::IAM::InstanceProfile",
    "Policy": "AWS::IAM::ManagedPolicy",
    "Role": "AWS::IAM::Role",
}
ROLE = "arn:aws:iam::111122223333:role/fraud-model"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
CDK_IMAGE = {
    "Fn::Join": [
        "",
        [
            {"Fn::Select": [4, {"Fn::Split": [":", {"Fn::GetAtt": ["Repository", "Arn"]}]}]},
            ".dkr.ecr.",
            {"Fn::Select": [3, {"Fn::Split": [":", {"Fn::GetAtt": ["Repository", "Arn"]}]}]},
            ".",
            {"Ref": "AWS::URLSuffix"},
            "/",
            {"Ref": "Repository"},
            ":7",
        ],
    ]
}


def found(property_: str, value: Any) -> list[str]:
    """Return the messages about a property that has the value."""
    container = {"Image": IMAGE, "ModelDataUrl": "s3://amzn-s3-demo-bucket/fraud-7.tar.gz"}
    notification: dict[str, Any] = {}
    output = {"S3OutputPath": "s3://amzn-s3-demo-bucket/out", "NotificationConfig": notification}
    model: dict[str, Any] = {"ExecutionRoleArn": ROLE, "PrimaryContainer": container}
    for each in (container, notification, output, model):
        if property_ in each or (property_ == "SuccessTopic" and each is notification):
            each[property_] = value
    variant = {
        "VariantName": "main",
        "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
        "InstanceType": "ml.m5.xlarge",
        "InitialInstanceCount": 1,
    }
    config = {"ProductionVariants": [variant], "AsyncInferenceConfig": {"OutputConfig": output}}
    resources: dict[str, Any] = {
        **{name: {"Type": type_, "Properties": {}} for name, type_ in REFERRED.items()},
        "Model": {"Type": "AWS::SageMaker::Model", "Properties": model},
        "Config": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": config},
    }
    template = {"Parameters": {"Host": {"Type": "String"}}, "Resources": resources}
    return [
        f"{each.message.partition(' is ')[2]} | {each.fix}"
        for each in check_template(template)
        if each.rule_id == "reference-form-mismatch"
    ]


@pytest.mark.parametrize(
    ("property_", "value", "expected"),
    [
        (
            "ExecutionRoleArn",
            {"Ref": "Role"},
            'the name of Role; must be its ARN | Use {"Fn::GetAtt": ["Role", "Arn"]}.',
        ),
        (
            "ExecutionRoleArn",
            {"Fn::GetAtt": ["Role", "RoleId"]},
            'the id of Role; must be its ARN | Use {"Fn::GetAtt": ["Role", "Arn"]}.',
        ),
        (
            "ExecutionRoleArn",
            {"Fn::Sub": "${Profile.Arn}"},
            (
                "the ARN of Profile, an AWS::IAM::InstanceProfile; must match "
                "arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+ | "
                "Refer to a resource of the type that the member requires."
            ),
        ),
        (
            "Image",
            {"Ref": "Repository"},
            (
                'the name of Repository; must be its URI | Use {"Fn::Sub": '
                '"${Repository.RepositoryUri}:TAG"} with the tag of the image.'
            ),
        ),
        (
            "Image",
            {"Fn::Sub": "${Repository.Arn}:7"},
            (
                "a text with the ARN of Repository; must contain its URI | "
                'Use {"Fn::GetAtt": ["Repository", "RepositoryUri"]}.'
            ),
        ),
        (
            "Image",
            {"Ref": "Bucket"},
            (
                "the name of Bucket, an AWS::S3::Bucket; must be the URI of an image "
                "in Amazon ECR | "
                "Refer to a resource of the type that the member requires."
            ),
        ),
        (
            "ModelDataUrl",
            {"Fn::Join": ["/", [{"Ref": "Bucket"}, "fraud-7.tar.gz"]]},
            (
                "a text with the name of Bucket; must be an S3 URI that begins "
                "with s3://${Bucket}/ | "
                'Use {"Fn::Sub": "s3://${Bucket}/KEY"} with the key or prefix.'
            ),
        ),
        (
            "ModelDataUrl",
            {"Fn::Sub": ["s3://${Where}/fraud-7.tar.gz", {"Where": {"Ref": "Parameter"}}]},
            "",
        ),
        (
            "ModelDataUrl",
            {"Ref": "Parameter"},
            (
                "the name of Parameter; must be its value | "
                'Use {"Fn::GetAtt": ["Parameter", "Value"]}.'
            ),
        ),
        (
            "ModelDataUrl",
            {"Fn::Sub": ["s3://${Where}/fraud-7.tar.gz", {"Where": {"Fn::Sub": "${Bucket.Arn}"}}]},
            'a text with the ARN of Bucket; must contain its name | Use {"Ref": "Bucket"}.',
        ),
        (
            "S3OutputPath",
            {"Fn::GetAtt": ["Bucket", "Arn"]},
            (
                "the ARN of Bucket; must be an S3 URI that begins "
                "with s3://${Bucket}/ | "
                'Use {"Fn::Sub": "s3://${Bucket}/KEY"} with the key or prefix.'
            ),
        ),
        (
            "SuccessTopic",
            {"Fn::GetAtt": ["Topic", "TopicName"]},
            'the name of Topic; must be its ARN | Use {"Ref": "Topic"}.',
        ),
        ("Image", CDK_IMAGE, ""),
        ("Image", {"Fn::Sub": "${Host}/${Repository}:7"}, ""),
        ("ModelDataUrl", {"Fn::Sub": "${Host}${Bucket}/fraud-7.tar.gz"}, ""),
        ("ModelDataUrl", {"Fn::Sub": "https://${Bucket.RegionalDomainName}/fraud-7.tar.gz"}, ""),
        (
            "ExecutionRoleArn",
            {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Role}"},
            "",
        ),
    ],
)
def test_a_reference_gives_the_form_of_the_member(
    property_: str, value: Any, expected: str
) -> None:
    assert found(property_, value) == ([expected] if expected else [])


def test_an_imported_value_has_a_form() -> None:
    role: dict[str, Any] = {"Type": "AWS::IAM::Role", "Properties": {}}
    out: dict[str, Any] = {"Value": {"Ref": "Role"}, "Export": {"Name": "role"}}
    model: dict[str, Any] = {
        "ExecutionRoleArn": {"Fn::ImportValue": "role"},
        "PrimaryContainer": {"Image": IMAGE},
    }
    reports = review_app(
        [
            TemplateInput(template={"Resources": {"Role": role}, "Outputs": {"Out": out}}),
            TemplateInput(
                template={
                    "Resources": {"Model": {"Type": "AWS::SageMaker::Model", "Properties": model}}
                }
            ),
        ]
    )
    (finding,) = [each for each in reports[1].findings if each.rule_id == "reference-form-mismatch"]
    assert finding.message == "ExecutionRoleArn is the name of Role; must be its ARN"
    assert finding.fix == "Export another value of Role, and import it."
