"""Rules on inference components; `test_subjects.py` has a table."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from kit.requests import changed
from kit.subjects import FULL_SUBJECTS, component

from cdk_epc.rules import check
from cdk_epc.spec.unresolved import Reference, Unresolved

COMPUTE = "Specification.ComputeResourceRequirements"


@pytest.mark.parametrize(
    ("at", "name", "bounds"),
    [
        (f"{COMPUTE}.MinMemoryRequiredInMb", "whole", [128, 16384]),
        (f"{COMPUTE}.NumberOfCpuCoresRequired", "whole", [0.25, 1000]),
        ("Specification.SchedulingConfig.AvailabilityZoneBalance.MaxImbalance", "whole", [0, 100]),
        ("RuntimeConfig.CopyCount", "model", [0, 1]),
    ],
)
def test_the_bounds_are_allowed(at: str, name: str, bounds: list[float]) -> None:
    full = FULL_SUBJECTS["component"][name]
    assert [check(component(changed(full, at, value))) for value in bounds] == [[], []]


def plain() -> Any:
    """Return a component without findings."""
    return component(FULL_SUBJECTS["component"]["plain"])


ARNS = {
    ("AWS::SageMaker::Endpoint", None): "EndpointName",
    ("AWS::SageMaker::Endpoint", "EndpointArn"): "EndpointName",
    ("AWS::SageMaker::Model", "ModelArn"): "ModelName",
}


@pytest.mark.parametrize(("type_", "attribute"), ARNS)
def test_an_arn_is_not_a_name(type_: str, attribute: str | None) -> None:
    name = Unresolved({"Fn": "it"}, Reference(type_, "It", attribute))
    (finding,) = check(attrs.evolve(plain(), endpoint_name=name))
    assert str(finding) == (
        "error component-name-is-arn: EndpointName is the ARN of It; must be its name\n"
        f'    fix: Use {{"Fn::GetAtt": ["It", "{ARNS[type_, attribute]}"]}}.\n'
        "    source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
        "aws-resource-sagemaker-inferencecomponent.html"
    )


def test_the_arn_of_a_base_component_is_not_its_name() -> None:
    ref = Unresolved({"Ref": "Base"}, Reference("AWS::SageMaker::InferenceComponent", "Base"))
    full: Any = component(FULL_SUBJECTS["component"]["adapter"])
    specification = attrs.evolve(full.specification, base_inference_component_name=ref)
    (finding,) = check(attrs.evolve(full, specification=specification))
    assert (finding.message, finding.fix) == (
        "Specification.BaseInferenceComponentName is the ARN of Base; must be its name",
        (
            "Set InferenceComponentName of Base and use the same name here, because CloudFormation "
            "has no attribute for it."
        ),
    )


@pytest.mark.parametrize("attribute", ["EndpointName", "Other"])
def test_other_attributes_have_no_finding(attribute: str) -> None:
    name = Unresolved({"Fn": "it"}, Reference("AWS::SageMaker::Endpoint", "It", attribute))
    assert check(attrs.evolve(plain(), endpoint_name=name)) == []
