"""Description of a running endpoint as the old app."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from kit.described_endpoint import NAME, RESPONSES, TEMPLATE

from cdk_epc.templates import TemplateInput
from cdk_epc.updates import UpdateReport, review_update
from cdk_epc.updates.descriptions import DescriptionError, described, responses_in


def reviewed(responses: Any, template: Any) -> UpdateReport:
    new = [TemplateInput(template=template)]
    found = responses_in(responses)
    assert found is not None
    old = described(found, new)
    return review_update([old.input], new, live=old.live)


def test_the_running_endpoint_is_that_of_the_template() -> None:
    for responses in (RESPONSES, dict(enumerate(RESPONSES))):
        report = reviewed(responses, TEMPLATE)
        assert (report.findings, report.plans) == ((), ())


def test_running_counts_and_targets() -> None:
    new = copy.deepcopy(TEMPLATE)
    new["Resources"]["Config"]["Properties"]["ProductionVariants"][0]["InstanceType"] = (
        "ml.m6i.large"
    )
    new["Resources"]["Endpoint"]["Properties"] = {
        "EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]}
    }
    report = reviewed(RESPONSES, new)
    assert [each.message for each in report.findings] == [
        (
            "InstanceType of variant 'main' changes from 'ml.m5.large' to 'ml.m6i.large' while "
            f"endpoint/{NAME}/variant/main scales the variant"
        ),
        "the update sets variant 'main' to 2 instances from 5",
    ]
    (plan,) = report.plans
    assert [(each.instance_type, str(each.peak)) for each in plan.demand] == [
        ("ml.m5.large", "5"),
        ("ml.m6i.large", "2"),
    ]


def test_a_model_is_followed_to_the_endpoint() -> None:
    new = copy.deepcopy(TEMPLATE)
    new["Resources"]["Model"]["Properties"]["PrimaryContainer"]["Image"] = "image:2"
    (plan,) = reviewed(RESPONSES, new).plans
    assert plan.replaced == (
        ("Model", ("PrimaryContainer.Image",)),
        ("Config", ("ProductionVariants[0].ModelName",)),
    )
    assert [str(each.peak) for each in plan.demand] == ["10"]


@pytest.mark.parametrize("change", [{"EndpointStatus": "Failed"}, {"PendingDeploymentSummary": {}}])
def test_an_endpoint_that_cannot_be_updated(change: dict[str, Any]) -> None:
    new = copy.deepcopy(TEMPLATE)
    new["Resources"]["Model"]["Properties"]["PrimaryContainer"]["Image"] = "image:2"
    (finding,) = reviewed([{**RESPONSES[0], **change}, *RESPONSES[1:]], new).findings
    assert finding.rule_id == "endpoint-update-in-progress"


def test_other_documents() -> None:
    for data in (TEMPLATE, [], [RESPONSES[0], 1], {}, None, "text"):
        assert responses_in(data) is None
    new = [TemplateInput(template=TEMPLATE)]
    with pytest.raises(DescriptionError, match="exactly one of DescribeEndpoint; they have none"):
        described(RESPONSES[1:], new)
    named = copy.deepcopy(TEMPLATE)
    named["Resources"]["Endpoint"]["Properties"]["EndpointName"] = "other"
    with pytest.raises(
        DescriptionError, match=f"the new app has no endpoints that may be '{NAME}'"
    ):
        described(RESPONSES, [TemplateInput(template=named)])
