"""Objects that a role may read: buckets, prefixes, wildcards and unknown resources."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_epc import check_template

TRUST = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]
}
OWN = "s3://amzn-s3-demo-bucket/fraud/model.tar.gz"


def found(resource: Any, uri: Any = OWN, mode: str = "SingleModel", **more: Any) -> int:
    """Return the number of findings about the objects that the role may read."""
    actions = ("s3:GetObject", "s3:ListBucket")
    statements = [{"Effect": "Allow", "Action": each, "Resource": resource} for each in actions]
    document = {"Statement": statements}
    role = {
        "AssumeRolePolicyDocument": TRUST,
        "Policies": [{"PolicyName": "p", "PolicyDocument": document}],
    }
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
    model = {
        "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "PrimaryContainer": {"Image": image, "ModelDataUrl": uri, "Mode": mode},
    }
    resources: dict[str, Any] = {
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Role": {"Type": "AWS::IAM::Role", "Properties": role},
        "Model": {"Type": "AWS::SageMaker::Model", "Properties": model},
        **more,
    }
    ids = [each.rule_id for each in check_template({"Resources": resources})]
    return ids.count("model-data-role-objects-mismatch")


@pytest.mark.parametrize(
    ("resource", "uri", "mode", "expected"),
    [
        ("arn:aws:s3:::amzn-s3-demo-bucket", OWN, "SingleModel", 1),
        ("arn:aws:s3:::amzn-s3-demo-bucket/other/*", OWN, "SingleModel", 1),
        (["arn:aws:s3:::other", "arn:aws:s3:::other/*"], OWN, "SingleModel", 1),
        ({"Fn::Sub": "arn:${AWS::Partition}:s3:::other/*"}, OWN, "SingleModel", 1),
        ("*", OWN, "SingleModel", 0),
        ("arn:aws:s3:::*", OWN, "SingleModel", 0),
        ("arn:aws:s3:::amzn-s3-demo-*/fraud/*", OWN, "SingleModel", 0),
        ("arn:aws:s3:::amzn-s3-demo-bucket/fraud/model.tar.g?", OWN, "SingleModel", 0),
        ({"Fn::Sub": "${Bucket.Arn}/*"}, OWN, "SingleModel", 0),
        ("arn:aws:s3:::other/*", {"Fn::Sub": "s3://${Bucket}/m.tar.gz"}, "SingleModel", 0),
        ("arn:aws:s3:::amzn-s3-demo-bucket", "s3://amzn-s3-demo-bucket/t/", "MultiModel", 1),
        ("arn:aws:s3:::amzn-s3-demo-bucket/t/a/*", "s3://amzn-s3-demo-bucket/t/", "MultiModel", 0),
        ("arn:aws:s3:::amzn-s3-demo-bucket/u/*", "s3://amzn-s3-demo-bucket/t/", "MultiModel", 1),
    ],
)
def test_objects_of_a_role(resource: Any, uri: Any, mode: str, expected: int) -> None:
    assert found(resource, uri, mode) == expected
