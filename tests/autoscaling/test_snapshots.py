"""Generated CloudFormation of scalable targets and policies, one snapshot for each feature."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from kit.cdk import new_stack, template_of
from kit.cfn_lint import findings_of_cfn_lint
from kit.scaling import ALARM, FEATURES, POLICY, TARGET
from kit.snapshots import committed_snapshots
from syrupy.assertion import SnapshotAssertion

from cdk_epc.templates import check_template


@cache
def template_with(feature: str) -> dict[str, Any]:
    stack = new_stack()
    FEATURES[feature](stack)
    return template_of(stack)


def resources_of(template: dict[str, Any], type_: str) -> dict[str, Any]:
    return {key: each for key, each in template["Resources"].items() if each["Type"] == type_}


@pytest.mark.pin_only
@pytest.mark.parametrize("feature", FEATURES)
def test_template(feature: str, cdk_snapshot: SnapshotAssertion) -> None:
    assert template_with(feature) == cdk_snapshot


def test_no_snapshot_is_unused() -> None:
    assert committed_snapshots(__file__) == {
        f"test_template[{feature}].json" for feature in FEATURES
    }


@pytest.mark.pin_only
@pytest.mark.parametrize("feature", FEATURES)
def test_cfn_lint_finds_nothing(feature: str) -> None:
    assert findings_of_cfn_lint(template_with(feature), "eu-west-1") == []


@pytest.mark.parametrize("feature", FEATURES)
def test_templates_violate_no_rule(feature: str) -> None:
    assert [str(each) for each in check_template(template_with(feature))] == []


def test_no_target_has_a_role() -> None:
    wrong = [
        (feature, id_)
        for feature in FEATURES
        for type_ in ("AWS::IAM::Role", TARGET)
        for id_, each in resources_of(template_with(feature), type_).items()
        if type_ != TARGET or "RoleARN" in each["Properties"]
    ]
    assert wrong == []


def test_targets_refer_to_their_resource_policies_to_their_target_and_alarms_to_policies() -> None:
    wrong = []
    for feature in FEATURES:
        template = template_with(feature)
        scaled = {
            *resources_of(template, "AWS::SageMaker::Endpoint"),
            *resources_of(template, "AWS::SageMaker::InferenceComponent"),
        }
        targets, policies = resources_of(template, TARGET), resources_of(template, POLICY)
        assert targets
        wrong += [
            (feature, id_)
            for id_, each in targets.items()
            if not _references(each["Properties"]["ResourceId"]) & scaled
        ]
        wrong += [
            (feature, id_)
            for id_, each in policies.items()
            if not _references(each["Properties"]["ScalingTargetId"]) <= targets.keys()
        ]
        wrong += [
            (feature, id_)
            for id_, each in resources_of(template, ALARM).items()
            if not _references(each["Properties"]["AlarmActions"]) <= policies.keys()
        ]
    assert wrong == []


def test_policies_have_different_names() -> None:
    wrong = {}
    for feature in FEATURES:
        policies = resources_of(template_with(feature), POLICY).values()
        names = [each["Properties"]["PolicyName"] for each in policies]
        if len(set(names)) < len(names):
            wrong[feature] = names
    assert wrong == {}


def _references(value: Any) -> set[str]:
    """Return the logical ids that a value refers to."""
    if isinstance(value, list):
        return set().union(*map(_references, value))
    if not isinstance(value, dict):
        return set()
    if "Ref" in value:
        return {value["Ref"]}
    if "Fn::GetAtt" in value:
        return {value["Fn::GetAtt"][0]}
    return set().union(*map(_references, value.values()))
