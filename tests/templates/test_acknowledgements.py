"""What is acknowledged in a template, and on the constructs above its resources."""

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
WORDS = "Metadata.cdk-epc.acknowledge"
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


def mistake(rule_id: str, id_: str, got: Any, allowed: str, fix: str) -> Finding:
    severity = Severity.WARNING if rule_id.endswith("unused") else Severity.ERROR
    path = f"{WORDS}[{id_!r}]"
    message = f"{path} is {got!r}; allowed: {allowed}"
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
            mistake(
                "acknowledgement-unknown",
                "name-fixt",
                "name-fixt",
                "the id of a rule",
                "Did you mean name-fixed?",
            ),
        ),
        (
            {"tag-keys-repeated": "why"},
            mistake(
                "acknowledgement-unused",
                "tag-keys-repeated",
                "why",
                "nothing, for it no longer occurs",
                "Take the acknowledgement out.",
            ),
        ),
        (
            {"name-fixed": 5},
            mistake(
                "acknowledgement-reason-missing",
                "name-fixed",
                5,
                "a reason",
                "Say in a sentence why the finding may stay.",
            ),
        ),
    ],
)
def test_mistakes(given: dict[str, Any], finding: Finding) -> None:
    left = review(given).findings
    assert [each.rule_id for each in left] == ["name-fixed", finding.rule_id]
    assert left[-1] == finding
    assert left[-1].place == (*PLACE, *given)


@pytest.mark.parametrize(
    ("metadata", "path"),
    [
        ({"cdk-epc": {"acknowledge": ["name-fixed"]}}, WORDS),
        ({"cdk-epc": {"acknowledge": None}}, WORDS),
        ({"cdk-epc": "name-fixed"}, "Metadata.cdk-epc"),
        ({"cdk-epc": None}, "Metadata.cdk-epc"),
    ],
)
def test_malformed(metadata: Any, path: str) -> None:
    report = review_template({"Resources": {"Config": config(metadata)}})
    fixed, wrong = report.findings
    got = metadata["cdk-epc"]
    got = got["acknowledge"] if isinstance(got, dict) else got
    allowed = "reasons by the ids of rules"
    words = "missing" if got is None else repr(got)
    assert fixed.rule_id == "name-fixed"
    assert wrong == Finding(
        rule_id="acknowledgement-reason-missing",
        severity=Severity.ERROR,
        path=path,
        got=got,
        allowed=allowed,
        message=f"{path} is {words}; allowed: {allowed}",
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
    """One template for each construct path, each with a configuration that has a fixed name."""
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


def left(reports: list[Report]) -> list[list[tuple[str, str | None]]]:
    return [[(each.rule_id, each.resource) for each in report.findings] for report in reports]


FIXED = ("name-fixed", "C")


@pytest.mark.parametrize("scope", ["Stack/Config/Resource", "Stack/Config", "Stack"])
def test_acknowledged_above(scope: str) -> None:
    reports = app("Stack/Config/Resource", given={scope: {"name-fixed": "why"}})
    assert left(reports) == [[]]
    assert [each.acknowledged for each in reports[0].acknowledged] == ["why"]


@pytest.mark.parametrize("scope", ["Stack/Conf", "Other", "Stack/Config/Resource/Deeper"])
def test_acknowledged_elsewhere(scope: str) -> None:
    reports = app("Stack/Config/Resource", given={scope: {"name-fixed": "why"}})
    assert left(reports) == [[FIXED, ("acknowledgement-unused", scope)]]


def test_the_nearest_reason_counts_and_the_farther_is_not_unused() -> None:
    given = {"S": {"name-fixed": "far"}, "S/C": {"name-fixed": "near"}}
    reports = app("S/C/Resource", given=given)
    assert left(reports) == [[]]
    assert [each.acknowledged for each in reports[0].acknowledged] == ["near"]


def test_a_scope_above_several_is_used_if_one_below_uses_it() -> None:
    reports = app("S/A", "S/B", "T/A", given={"S": {"name-fixed": "why"}})
    assert left(reports) == [[], [], [FIXED]]


def test_mistakes_above_are_said_once() -> None:
    reports = app("S/A", "S/B", given={"S": {"name-fixt": "why", "tag-keys-repeated": "why"}})
    assert left(reports) == [
        [FIXED, ("acknowledgement-unknown", "S"), ("acknowledgement-unused", "S")],
        [FIXED],
    ]
    (unknown,) = [e for e in reports[0].findings if e.rule_id == "acknowledgement-unknown"]
    assert unknown.message == ("acknowledge['name-fixt'] is 'name-fixt'; allowed: the id of a rule")


def test_mistakes_of_a_resource_are_left_where_something_above_is_acknowledged() -> None:
    own = {"aws:cdk:path": "S/C", "cdk-epc": {"acknowledge": {"name-fixt": "why"}}}
    placed = TemplateInput(
        template={"Resources": {"C": config(own)}}, acknowledged={"S": {"name-fixed": "why"}}
    )
    assert left(review_app([placed])) == [[("acknowledgement-unknown", "C")]]


@pytest.mark.parametrize(
    ("path", "scope", "mistakes"),
    [
        ("S/T/C/Resource", "S/T/C/Resource", ["C"]),
        ("S/T/C/Resource", "S/T/C", ["C"]),
        ("S/T/C/Default", "S/T/C", ["C"]),
        ("S/T/C/Other", "S/T/C", ["C", "S/T/C"]),
        ("S/T/C/Resource", "S/T", ["C", "S/T"]),
    ],
)
def test_a_mistake_that_cdk_was_given_as_well_is_said_once(
    path: str, scope: str, mistakes: list[str]
) -> None:
    """CDK knows a resource by its own path, or by that of the construct it is the one of."""
    given = {"name-fixt": "why", "name-fixed": "why"}
    own = {"aws:cdk:path": path, "cdk-epc": {"acknowledge": given}}
    placed = TemplateInput(
        template={"Resources": {"C": config(own)}}, acknowledged={scope: {"name-fixt": "why"}}
    )
    assert left(review_app([placed])) == [[("acknowledgement-unknown", each) for each in mistakes]]


def test_every_resource_is_reported() -> None:
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


def test_path_that_is_no_text() -> None:
    template = {"Resources": {"C": config({"aws:cdk:path": 5})}}
    placed = TemplateInput(template=template, acknowledged={"S": {"name-fixed": "why"}})
    assert left(review_app([placed])) == [[FIXED, ("acknowledgement-unused", "S")]]
