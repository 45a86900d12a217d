"""Names of repositories and tags in image URIs: capitals, second tags and unknown parts."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_epc import check_template

ECR = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/"


def found(image: Any) -> list[str]:
    """Return the fixes of the rule for an image."""
    role = "arn:aws:iam::111122223333:role/fraud-model"
    model = {"ExecutionRoleArn": role, "PrimaryContainer": {"Image": image}}
    resources = {"Model": {"Type": "AWS::SageMaker::Model", "Properties": model}}
    template = {"Parameters": {"Tag": {"Type": "String"}}, "Resources": resources}
    findings = check_template(template)
    return [each.fix for each in findings if each.rule_id == "model-image-name-invalid"]


ONE_TAG = "Write one tag after the repository."


@pytest.mark.parametrize(
    ("image", "fixes"),
    [
        (f"{ECR}Acme/Fraud:7", ["Did you mean acme/fraud?"]),
        (f"{ECR}fraud+7", ["Remove the other characters."]),
        (f"{ECR}fraud:7:latest", [ONE_TAG]),
        (f"{ECR}fraud:-7", [ONE_TAG]),
        ({"Fn::Sub": f"{ECR}Fraud:${{Tag}}"}, ["Did you mean fraud?"]),
        ({"Fn::Sub": f"{ECR}fraud:${{Tag}}"}, []),
        (f"{ECR}acme/fraud_model-2.x:1.0_B-c@sha256:{'0' * 64}", []),
        (f"{ECR}fraud", []),
        ("docker.io/Acme/Fraud:7", []),
    ],
)
def test_names_of_images(image: Any, fixes: list[str]) -> None:
    assert found(image) == fixes


def test_a_default_is_no_error() -> None:
    """A deployment passes another value for the default of a parameter."""
    for image in ({"Ref": "Image"}, {"Fn::Sub": f"{ECR}${{Image}}:7"}):
        default = f"{ECR}Your/Fraud" if "Ref" in image else "Fraud"
        role = "arn:aws:iam::111122223333:role/fraud-model"
        model = {"ExecutionRoleArn": role, "PrimaryContainer": {"Image": image}}
        template = {
            "Parameters": {"Image": {"Type": "String", "Default": default}},
            "Resources": {"Model": {"Type": "AWS::SageMaker::Model", "Properties": model}},
        }
        (finding,) = check_template(template)
        assert (finding.rule_id, finding.severity) == ("parameter-default-invalid", "warning")
