"""Requests with one wrong change: the rows of a table, and the examples of the rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import attrs

from cdk_epc.requests import check_request
from cdk_epc.rules import RULES, Finding
from cdk_epc.rules.explain import ExampleKind, example_of
from cdk_epc.rules.pedantic import PEDANTIC_RULES
from kit.requests import API_REQUESTS, FULL_REQUESTS, Request, changed, findings_of, load, without

Json = dict[str, Any]


@attrs.frozen
class BadRequest:
    """Good request and the same with one change.

    Attributes:
        id: Id of the row, or of the rule whose example it is.
        good: Request without findings.
        bad: Request with the change.
        findings: All findings of the bad request, as JSON.
        region: Region of both.
        is_for_api: Whether the request is checked as one of the API and not of CloudFormation.
        two_rules: Reason for which the change violates two rules.
    """

    id: str
    good: Request
    bad: Request
    findings: list[Json]
    region: str | None = None
    is_for_api: bool = False
    two_rules: str | None = None

    def findings_now(self, request: Request) -> list[Json]:
        """Return the findings of a request that is checked like this one, as JSON."""
        if self.is_for_api:
            findings = check_request(request, region=self.region, rules=PEDANTIC_RULES)
            return [as_json(each) for each in findings]
        return [as_json(each) for each in findings_of(request, self.region)]


def as_json(finding: Finding) -> Json:
    """Return a finding as JSON, without members that are ``None``, its place and its regions."""
    members = attrs.asdict(
        finding,
        recurse=False,
        filter=lambda each, value: each.eq and each.name != "regions" and value is not None,
    )
    result: Json = json.loads(json.dumps(members, default=repr))
    return result


def _rows() -> Iterator[BadRequest]:
    good_requests = {**FULL_REQUESTS, **API_REQUESTS}
    for row in load("bad_requests.json"):
        good, change = good_requests[row["good"]], row["change"]
        yield BadRequest(
            id=row["id"],
            good=good,
            bad=without(good, change["at"])
            if change.get("remove")
            else changed(good, change["at"], change["value"]),
            findings=row["findings"],
            region=row.get("region"),
            is_for_api=row["good"] in API_REQUESTS,
            two_rules=row.get("two_rules"),
        )


def _examples() -> Iterator[BadRequest]:
    for rule in (*RULES, *PEDANTIC_RULES):
        example = example_of(rule.id)
        if example is None or example.kind is not ExampleKind.REQUEST:
            continue
        assert not isinstance(example.good, str)
        assert not isinstance(example.bad, str)
        source = {"source_url": rule.source_url} if rule.source_url else {}
        yield BadRequest(
            id=rule.id,
            good=dict(example.good),
            bad=dict(example.bad),
            findings=[{"rule_id": rule.id, **example.finding, **source}],
            region=example.region,
            is_for_api=True,
        )


ROWS = list(_rows())
"""Rows of ``tests/data/bad_requests.json``."""
EXAMPLES = list(_examples())
"""Examples of the rules that are requests."""
