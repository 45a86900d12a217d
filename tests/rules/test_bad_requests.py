"""Bad requests: a good request, one change, and the whole findings.

Each rule has an example in ``cdk_epc/rules/examples``. The rows of ``tests/data/bad_requests.json``
add bounds, other branches and other places. A row names a request of ``full_requests.json``, or of
``api_requests.json`` for members that only the API has.
"""

from __future__ import annotations

import sys

import pytest
from kit.bad_requests import ROWS, BadRequest, as_json
from kit.requests import API_REQUESTS, FULL_REQUESTS, changed, errors_of, findings_of, without

from cdk_epc.requests import check_request

UNCHECKED = "explainer-expression-unchecked"
"""Rule about a missing package, which only these tests hide."""
EXPRESSION = "ExplainerConfig.ClarifyExplainerConfig.EnableExplanations"


def test_good_requests_have_no_finding() -> None:
    found = {name: findings_of(each) for name, each in FULL_REQUESTS.items()}
    found |= {name: check_request(each) for name, each in API_REQUESTS.items()}
    assert {name: findings for name, findings in found.items() if findings} == {}


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_one_change_has_exactly_these_findings(row: BadRequest) -> None:
    assert row.findings_now(row.bad) == row.findings


def test_one_change_violates_one_rule_unless_the_row_has_a_reason() -> None:
    counts = {row.id: len({finding["rule_id"] for finding in row.findings}) for row in ROWS}
    assert counts == {row.id: 2 if row.two_rules else 1 for row in ROWS}


def test_rows_have_different_ids() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)


@pytest.fixture
def _without_jmespath(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jmespath", None)


@pytest.mark.usefixtures("_without_jmespath")
class TestWithoutJmespath:
    def test_an_expression_has_a_warning(self) -> None:
        (finding,) = findings_of(FULL_REQUESTS["explained"])
        assert as_json(finding) == {
            "rule_id": UNCHECKED,
            "severity": "warning",
            "path": EXPRESSION,
            "got": "score > `0.8`",
            "allowed": "a JMESPath expression, but the package jmespath is not installed to "
            "check it",
            "message": f"{EXPRESSION} is 'score > `0.8`'; must be a JMESPath expression, but the "
            "package jmespath is not installed to check it",
            "fix": "Install cdk-epc[jmespath].",
            "source_url": "https://docs.aws.amazon.com/sagemaker/latest/dg/"
            "clarify-online-explainability-create-endpoint.html",
        }

    def test_an_invalid_expression_is_no_error(self) -> None:
        assert errors_of(changed(FULL_REQUESTS["explained"], EXPRESSION, "score >")) == []

    def test_a_configuration_without_expressions_has_no_warning(self) -> None:
        assert findings_of(without(FULL_REQUESTS["explained"], EXPRESSION)) == []

    def test_an_attribute_has_a_warning(self) -> None:
        at = "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig.FeaturesAttribute"
        (finding,) = findings_of(changed(FULL_REQUESTS["explained-lines"], at, "features["))
        assert (finding.rule_id, finding.path, finding.got) == (UNCHECKED, at, "features[")

    def test_an_identifier_has_no_warning(self) -> None:
        assert findings_of(FULL_REQUESTS["explained-lines"]) == []
