"""Acknowledgements in templates: on resources and on the constructs that contain them."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import CONFIG

from cdk_epc.rules import Finding, Profile, Severity
from cdk_epc.rules.report import Report
from cdk_epc.templates import TemplateInput, review_app, review_template

VARIANT = {
    "VariantName": "main",
    "ModelName": "m",
    "InstanceType": "ml.m5.large",
    "InitialInstanceCount": 1,
}
MEMBER = "Metadata.cdk-epc.acknowledge"
PLACE = ("Resources", "Config", "Metadata", "cdk-epc", "acknowledge")


def config(metadata: Any = None, name: str = "fixed") -> dict[str, Any]:
    properties = {"EndpointConfigName": name, "ProductionVariants": [VARIANT]}
    return {"Type": CONFIG, "Metadata": metadata, "Properties": properties}


def review(given: Any, **options: Any) -> Report:
    template = {"Resources": {"Config": config({"cdk-epc": {"acknowledge": given}})}}
    return review_template(template, **options)


def test_reason() -> None:
    report = review({"name-fixed": " made once "})
    (finding,) = report.acknowledged
    assert report.findings == ()
    assert (finding.rule_id, finding.acknowledged, finding.resource, finding.place) == (
        "name-fixed",
        "made once",
        "Config",
        ("Resources", "Config", "Properties", "EndpointConfigName"),
    )


def error(  # noqa: PLR0913, PLR0917 - the parts of a finding
    rule_id: str, id_: str, got: Any, allowed: str, fix: str, message: str = ""
) -> Finding:
    severity = Severity.WARNING if rule_id.endswith("unused") else Severity.ERROR
    path = f"{MEMBER}[{id_!r}]"
    message = message or f"{path} is {got!r}; must be {allowed}"
    return Finding(
        rule_id=rule_id,
        severity=severity,
        path=path,
        got=got,
        allowed=allowed,
        message=message,
        fix=fix,
        resource="Config",
    )


@pytest.mark.parametrize(
    ("given", "finding"),
    [
        (
            {"name-fixt": "why"},
            error(
                "acknowledgement-unknown",
                "name-fixt",
                "name-fixt",
                "the id of a rule",
                "Did you mean name-fixed?",
            ),
        ),
        (
            {"tag-keys-repeated": "why"},
            error(
                "acknowledgement-unused",
                "tag-keys-repeated",
                "why",
                "",
                "Remove the acknowledgement.",
                "the acknowledgement of tag-keys-repeated is not needed, because the finding does "
                "not occur",
            ),
        ),
        (
            {"name-fixed": 5},
            error(
                "acknowledgement-reason-missing",
                "name-fixed",
                5,
                "a reason",
                "Write in one sentence why the finding may stay.",
            ),
        ),
    ],
)
def test_wrong_acknowledgements(given: dict[str, Any], finding: Finding) -> None:
    left = review(given).findings
    assert [each.rule_id for each in left] == ["name-fixed", finding.rule_id]
    assert left[-1] == finding
    assert left[-1].place == (*PLACE, *given)


@pytest.mark.parametrize(
    ("metadata", "path"),
    [
        ({"cdk-epc": {"acknowledge": ["name-fixed"]}}, MEMBER),
        ({"cdk-epc": {"acknowledge": None}}, MEMBER),
        ({"cdk-epc": "name-fixed"}, "Metadata.cdk-epc"),
        ({"cdk-epc": None}, "Metadata.cdk-epc"),
    ],
)
def test_wrong_types(metadata: Any, path: str) -> None:
    report = review_template({"Resources": {"Config": config(metadata)}})
    fixed, wrong = report.findings
    got = metadata["cdk-epc"]
    got = got["acknowledge"] if isinstance(got, dict) else got
    allowed = "a map of rule ids to reasons"
    state = "missing" if got is None else repr(got)
    assert fixed.rule_id == "name-fixed"
    assert wrong == Finding(
        rule_id="acknowledgement-reason-missing",
        severity=Severity.ERROR,
        path=path,
        got=got,
        allowed=allowed,
        message=f"{path} is {state}; must be {allowed}",
        fix='Write {"acknowledge": {"rule-id": "why the finding may stay"}}.',
        resource="Config",
    )
    assert wrong.place == PLACE[: 3 + path.count(".")]


@pytest.mark.parametrize(
    "metadata", [None, [], "text", {}, {"other": 1}, {"cdk-epc": {}}, {"cdk-epc": {"other": 1}}]
)
def test_no_acknowledgement(metadata: Any) -> None:
    report = review_template({"Resources": {"Config": config(metadata)}})
    assert [each.rule_id for each in report.findings] == ["name-fixed"]


def test_severity_of_the_profile() -> None:
    (unused,) = review({"tag-keys-repeated": "w"}, profile=Profile.STRICT).findings[1:]
    assert unused.severity is Severity.ERROR


def app(*paths: str, given: dict[str, Any]) -> list[Report]:
    """Return the reports of one template for each construct path, with a fixed name each."""
    return review_app(
        [
            TemplateInput(
                template={"Resources": {"C": config({"aws:cdk:path": path})}},
                name=path,
                acknowledged=given,
            )
            for path in paths
        ]
    )


def remaining(reports: list[Report]) -> list[list[tuple[str, str | None]]]:
    return [[(each.rule_id, each.resource) for each in report.findings] for report in reports]


FIXED = ("name-fixed", "C")


@pytest.mark.parametrize("construct", ["Stack/Config/Resource", "Stack/Config", "Stack"])
def test_acknowledged_on_an_enclosing_construct(construct: str) -> None:
    reports = app("Stack/Config/Resource", given={construct: {"name-fixed": "why"}})
    assert remaining(reports) == [[]]
    assert [each.acknowledged for each in reports[0].acknowledged] == ["why"]


@pytest.mark.parametrize("construct", ["Stack/Conf", "Other", "Stack/Config/Resource/Deeper"])
def test_acknowledged_on_another_construct(construct: str) -> None:
    reports = app("Stack/Config/Resource", given={construct: {"name-fixed": "why"}})
    assert remaining(reports) == [[FIXED, ("acknowledgement-unused", construct)]]


def test_the_nearest_reason_applies() -> None:
    given = {"S": {"name-fixed": "far"}, "S/C": {"name-fixed": "near"}}
    reports = app("S/C/Resource", given=given)
    assert remaining(reports) == [[]]
    assert [each.acknowledged for each in reports[0].acknowledged] == ["near"]


def test_one_acknowledgement_for_several_resources() -> None:
    reports = app("S/A", "S/B", "T/A", given={"S": {"name-fixed": "why"}})
    assert remaining(reports) == [[], [], [FIXED]]


def test_wrong_acknowledgements_on_a_construct_are_reported_once() -> None:
    reports = app("S/A", "S/B", given={"S": {"name-fixt": "why", "tag-keys-repeated": "why"}})
    assert remaining(reports) == [
        [FIXED, ("acknowledgement-unknown", "S"), ("acknowledgement-unused", "S")],
        [FIXED],
    ]
    (unknown,) = [e for e in reports[0].findings if e.rule_id == "acknowledgement-unknown"]
    assert unknown.message == "acknowledge['name-fixt'] is 'name-fixt'; must be the id of a rule"


def test_wrong_acknowledgements_of_a_resource_below_an_acknowledging_construct() -> None:
    own = {"aws:cdk:path": "S/C", "cdk-epc": {"acknowledge": {"name-fixt": "why"}}}
    given_ = TemplateInput(
        template={"Resources": {"C": config(own)}}, acknowledged={"S": {"name-fixed": "why"}}
    )
    assert remaining(review_app([given_])) == [[("acknowledgement-unknown", "C")]]


@pytest.mark.parametrize(
    ("path", "construct", "paths"),
    [
        ("S/T/C/Resource", "S/T/C/Resource", ["C"]),
        ("S/T/C/Resource", "S/T/C", ["C"]),
        ("S/T/C/Default", "S/T/C", ["C"]),
        ("S/T/C/Other", "S/T/C", ["C", "S/T/C"]),
        ("S/T/C/Resource", "S/T", ["C", "S/T"]),
    ],
)
def test_acknowledgements_that_cdk_has_stored_twice(
    path: str, construct: str, paths: list[str]
) -> None:
    """CDK stores an acknowledgement for the resource, or for the construct whose child it is."""
    given = {"name-fixt": "why", "name-fixed": "why"}
    own = {"aws:cdk:path": path, "cdk-epc": {"acknowledge": given}}
    given_ = TemplateInput(
        template={"Resources": {"C": config(own)}}, acknowledged={construct: {"name-fixt": "why"}}
    )
    assert remaining(review_app([given_])) == [
        [("acknowledgement-unknown", each) for each in paths]
    ]


def test_reports_have_all_resources() -> None:
    known = {"cdk-epc": {"acknowledge": {"name-fixed": "why"}}}
    resources = {
        "T": {"Type": "AWS::SNS::Topic"},
        "A": config(),
        "B": config(known, "b"),
        "U": {"Type": "AWS::SNS::Topic"},
        "C": config(None, "c"),
        "D": config(known, "d"),
    }
    report = review_template({"Resources": resources})
    assert [each.resource for each in report.findings] == ["A", "C"]
    assert [each.resource for each in report.acknowledged] == ["B", "D"]


def test_construct_path_of_a_wrong_type() -> None:
    template = {"Resources": {"C": config({"aws:cdk:path": 5})}}
    given_ = TemplateInput(template=template, acknowledged={"S": {"name-fixed": "why"}})
    assert remaining(review_app([given_])) == [[FIXED, ("acknowledgement-unused", "S")]]
