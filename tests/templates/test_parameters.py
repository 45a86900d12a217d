"""Values of pseudo parameters."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_epc.spec.unresolved import Unresolved
from cdk_epc.templates.app import App
from cdk_epc.templates.intrinsics import scenario_of
from cdk_epc.templates.scenarios import Evaluation
from cdk_epc.templates.template import TemplateInput


def value_of(node: Any, **given: Any) -> Any:
    app = App.of([TemplateInput(template={}, **given)])
    return Evaluation(scenario_of(app), app.templates[0]).evaluate(node)


@pytest.mark.parametrize("name", ["Region", "AccountId", "Partition", "URLSuffix"])
def test_pseudo_parameters_of_an_unknown_environment(name: str) -> None:
    node = {"Ref": f"AWS::{name}"}
    assert value_of(node).expression == node


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("us-east-1", "aws", "amazonaws.com"),
        ("mx-central-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
        ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
        ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"),
        ("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
    ],
)
def test_partitions(region: str, partition: str, suffix: str) -> None:
    node = [{"Ref": "AWS::Partition"}, {"Ref": "AWS::URLSuffix"}]
    assert value_of(node, region=region) == [partition, suffix]


def test_partition_of_an_unknown_region() -> None:
    assert isinstance(value_of({"Ref": "AWS::Partition"}, region="moon-1"), Unresolved)
