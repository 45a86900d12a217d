"""Conditions and parameters: the old and the new app are compared in the same scenario."""

from __future__ import annotations

import copy
from typing import Any

from cdk_epc.rules.explain import example_of
from cdk_epc.templates import TemplateInput
from cdk_epc.updates import UpdateReport, review_update

EXAMPLE = example_of("scaled-type-changed")
assert EXAMPLE is not None
OLD: Any = copy.deepcopy(EXAMPLE.old)
OLD["Parameters"] = {
    "Stage": {"Type": "String", "Default": "dev", "AllowedValues": ["dev", "prod"]},
    "Type": {"Type": "String", "Default": "ml.m5.large"},
}
OLD["Conditions"] = {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}


def reviewed(old: Any, new: Any) -> UpdateReport:
    return review_update([TemplateInput(template=old)], [TemplateInput(template=new)])


def with_type(value: Any) -> Any:
    template = copy.deepcopy(OLD)
    template["Resources"]["Config"]["Properties"]["ProductionVariants"][0]["InstanceType"] = value
    return template


def test_a_condition_that_holds_in_some_deployments() -> None:
    old = with_type("ml.m5.large")
    new = with_type({"Fn::If": ["IsProd", "ml.g5.xlarge", "ml.m5.large"]})
    (finding,) = reviewed(old, new).findings
    assert finding.message == (
        "InstanceType of variant 'main' changes from 'ml.m5.large' to 'ml.g5.xlarge' while Target "
        "scales the variant (where IsProd is true)"
    )


def test_the_same_scenario_on_both_sides() -> None:
    same = with_type({"Fn::If": ["IsProd", "ml.g5.xlarge", "ml.m5.large"]})
    other = copy.deepcopy(same)
    other["Resources"]["Model"] = {"Type": "AWS::SageMaker::Model", "Properties": {}}
    report = reviewed(same, other)
    assert (report.findings, report.plans) == ((), ())


def test_a_new_default_is_a_change() -> None:
    old = with_type({"Ref": "Type"})
    new = copy.deepcopy(old)
    new["Parameters"]["Type"]["Default"] = "ml.g5.xlarge"
    assert [each.rule_id for each in reviewed(old, new).findings] == ["scaled-type-changed"]


def test_a_resource_of_some_deployments() -> None:
    old = copy.deepcopy(OLD)
    old["Resources"]["Target"]["Condition"] = "IsProd"
    new = copy.deepcopy(old)
    variant = new["Resources"]["Config"]["Properties"]["ProductionVariants"][0]
    variant["InstanceType"] = "ml.g5.xlarge"
    report = reviewed(old, new)
    (finding,) = report.findings
    assert finding.message.endswith(" (where IsProd is true)")
    (plan,) = report.plans
    assert plan.has_new_fleet
