"""The generated CloudFormation of what scales, one snapshot a feature."""

from __future__ import annotations

from typing import Any

import pytest
from kit.cdk import new_stack, template_of
from kit.linting import findings_of_cfn_lint
from kit.scaling import FEATURES
from kit.snapshots import committed
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from cdk_epc.templates import check_template

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
ALARM = "AWS::CloudWatch::Alarm"


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


def made_by(feature: str) -> dict[str, Any]:
    stack = new_stack()
    FEATURES[feature](stack)
    return template_of(stack)


def of_type(template: dict[str, Any], type_: str) -> dict[str, Any]:
    return {key: each for key, each in template["Resources"].items() if each["Type"] == type_}


@pytest.mark.pin_only
@pytest.mark.parametrize("feature", FEATURES)
def test_template(feature: str, snapshot: SnapshotAssertion) -> None:
    assert made_by(feature) == snapshot


def test_no_snapshot_is_unused() -> None:
    assert committed(__file__) == {f"test_template[{feature}].json" for feature in FEATURES}


@pytest.mark.pin_only
@pytest.mark.parametrize("feature", FEATURES)
def test_cfn_lint_finds_nothing(feature: str) -> None:
    assert findings_of_cfn_lint(made_by(feature), "eu-west-1") == []


@pytest.mark.parametrize("feature", FEATURES)
def test_a_template_of_ours_breaks_no_rule_but_what_is_left_out(feature: str) -> None:
    """Those without a policy are there for their wake-up."""
    assert [str(each) for each in check_template(made_by(feature))] == []


@pytest.mark.parametrize("feature", FEATURES)
def test_nothing_has_a_role(feature: str) -> None:
    template = made_by(feature)
    assert of_type(template, "AWS::IAM::Role") == {}
    assert all("RoleARN" not in each["Properties"] for each in of_type(template, TARGET).values())


@pytest.mark.parametrize("feature", FEATURES)
def test_a_target_waits_for_what_it_scales_and_a_policy_for_its_target(feature: str) -> None:
    template = made_by(feature)
    scaled = {
        *of_type(template, "AWS::SageMaker::Endpoint"),
        *of_type(template, "AWS::SageMaker::InferenceComponent"),
    }
    targets, policies = of_type(template, TARGET), of_type(template, POLICY)
    assert targets
    for target in targets.values():
        assert _references(target["Properties"]["ResourceId"]) & scaled
    for policy in policies.values():
        assert _references(policy["Properties"]["ScalingTargetId"]) <= targets.keys()
    for alarm in of_type(template, ALARM).values():
        assert _references(alarm["Properties"]["AlarmActions"]) <= policies.keys()


@pytest.mark.parametrize("feature", FEATURES)
def test_policies_have_different_names(feature: str) -> None:
    names = [
        each["Properties"]["PolicyName"] for each in of_type(made_by(feature), POLICY).values()
    ]
    assert len(set(names)) == len(names)


def _references(value: Any) -> set[str]:
    """The logical ids that a value refers to."""
    if isinstance(value, list):
        return set().union(*map(_references, value))
    if not isinstance(value, dict):
        return set()
    if "Ref" in value:
        return {value["Ref"]}
    if "Fn::GetAtt" in value:
        return {value["Fn::GetAtt"][0]}
    return set().union(*map(_references, value.values()))
