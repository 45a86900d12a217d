"""Each rule: a good request, one change, and the whole finding that comes of it.

``tests/data/bad_requests.json`` is the table, ``bad_requests_warnings.json`` the same of the less
sure rules. Each row names a request of ``full_requests.json``, the place that is changed, what is
given there or taken out, the region if that matters, and every finding of the outcome. The rows of
``bad_api_requests.json`` begin with one of ``api_requests.json``, which only a request can be.
"""

from __future__ import annotations

import sys
from typing import Any

import pytest
from kit.specs import (
    API_REQUESTS,
    FULL_REQUESTS,
    Request,
    changed,
    errors_of,
    findings_of,
    load,
    without,
)

from cdk_epc.requests import check_request
from cdk_epc.rules import (
    RULES,
    Finding,
    Severity,
)
from cdk_epc.rules import (
    call_errors as calls,
)
from cdk_epc.spec import EndpointConfigSpec

BAD: list[dict[str, Any]] = [*load("bad_requests.json"), *load("bad_requests_warnings.json")]
BAD_OF_API: list[dict[str, Any]] = load("bad_api_requests.json")
UNCHECKED = "explainer-expression-unchecked"
"""Its one change is to the installation, not to the request, so it has a test of its own."""

# Rules about calls on a construct: no request can break them, so the construct's tests hold them.
OF_CALLS = {rule.id for rule in calls.RULES}
OF_DESCRIPTIONS = "description-backfilled"
"""Said of a response, which the construct takes over; its tests hold this one too."""
OF_REFERENCES = "model-name-is-arn"
"""What a reference stands for is known in a template only; the tests of these hold it."""
IN_PLACE = {
    "async-topic-other-region",
    "managed-scaling-zero-not-supported",
    "prefix-aware-single-instance",
}
"""Rules that know the region or a scalable target, and that a request can break nevertheless."""


def bad_request(row: dict[str, Any]) -> Request:
    good = {**FULL_REQUESTS, **API_REQUESTS}[row["good"]]
    return without(good, row["at"]) if "take_out" in row else changed(good, row["at"], row["give"])


def expected(finding: dict[str, Any]) -> Finding:
    return Finding(**{**finding, "severity": Severity(finding["severity"])})


@pytest.mark.parametrize("name", FULL_REQUESTS)
def test_good_request_has_no_finding(name: str) -> None:
    assert findings_of(FULL_REQUESTS[name]) == []


@pytest.mark.parametrize("name", API_REQUESTS)
def test_good_request_of_the_api_has_no_finding(name: str) -> None:
    assert check_request(API_REQUESTS[name]) == []


@pytest.mark.parametrize("row", BAD, ids=[row["id"] for row in BAD])
def test_one_change_gives_exactly_these_findings(row: dict[str, Any]) -> None:
    found = findings_of(bad_request(row), row.get("region"))
    assert found == [expected(finding) for finding in row["findings"]]


@pytest.mark.parametrize("row", BAD_OF_API, ids=[row["id"] for row in BAD_OF_API])
def test_one_change_to_a_request_gives_exactly_these_findings(row: dict[str, Any]) -> None:
    found = check_request(bad_request(row), region=row.get("region"))
    assert found == [expected(finding) for finding in row["findings"]]


@pytest.mark.parametrize("row", BAD + BAD_OF_API, ids=[row["id"] for row in BAD + BAD_OF_API])
def test_one_change_breaks_one_rule_unless_the_table_says_why(row: dict[str, Any]) -> None:
    broken = {finding["rule_id"] for finding in row["findings"]}
    assert len(broken) == (2 if row.get("two_rules") else 1)


def test_without_jmespath_an_expression_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jmespath", None)
    assert findings_of(FULL_REQUESTS["explained"]) == [
        Finding(
            rule_id=UNCHECKED,
            severity=Severity.WARNING,
            path="ExplainerConfig.ClarifyExplainerConfig.EnableExplanations",
            got="score > `0.8`",
            allowed="a JMESPath expression, which cannot be checked here",
            message="ExplainerConfig.ClarifyExplainerConfig.EnableExplanations is "
            "'score > `0.8`'; allowed: a JMESPath expression, which cannot be checked here",
            fix="Install cdk-epc[jmespath].",
            source_url="https://docs.aws.amazon.com/sagemaker/latest/dg/"
            "clarify-online-explainability-create-endpoint.html",
        )
    ]


def test_without_jmespath_a_wrong_expression_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jmespath", None)
    at = "ExplainerConfig.ClarifyExplainerConfig.EnableExplanations"
    assert errors_of(changed(FULL_REQUESTS["explained"], at, "score >")) == []


def test_without_an_expression_jmespath_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jmespath", None)
    at = "ExplainerConfig.ClarifyExplainerConfig.EnableExplanations"
    assert findings_of(without(FULL_REQUESTS["explained"], at)) == []


def test_without_jmespath_an_attribute_is_a_warning_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jmespath", None)
    at = "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig.FeaturesAttribute"
    (finding,) = findings_of(changed(FULL_REQUESTS["explained-lines"], at, "features["))
    assert (finding.rule_id, finding.path, finding.got) == (UNCHECKED, at, "features[")


def test_without_jmespath_a_plain_name_needs_no_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jmespath", None)
    assert findings_of(FULL_REQUESTS["explained-lines"]) == []


def test_table_covers_every_rule() -> None:
    in_table = {finding["rule_id"] for row in BAD + BAD_OF_API for finding in row["findings"]}
    of_configurations = {rule.id for rule in RULES if EndpointConfigSpec in rule.about}
    elsewhere = {UNCHECKED, OF_DESCRIPTIONS, OF_REFERENCES}
    assert in_table | elsewhere == (of_configurations | IN_PLACE) - OF_CALLS


def test_table_has_different_ids() -> None:
    assert len({row["id"] for row in BAD + BAD_OF_API}) == len(BAD + BAD_OF_API)
