"""Check of ``CreateEndpointConfig`` requests and ``DescribeEndpointConfig`` responses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from cdk_epc.rules import RULES, Finding, Profile, Rule, Violation, evaluate
from cdk_epc.rules.registry import DIAGNOSTICS
from cdk_epc.rules.report import Report
from cdk_epc.rules.requests import BACKFILL, unknown_member_violations
from cdk_epc.rules.rule import Diagnostic, InputError
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.context import ConfigContext
from cdk_epc.spec.fields import aws_path, aws_steps
from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.spec.wire import RESPONSE_ONLY, from_json, is_description


@attrs.frozen
class ReadRequest:
    """Request, converted to a spec.

    Attributes:
        spec: Configuration of the request.
        unknown_members: Violations of members that the spec cannot hold.
        left_out: Violations of members of a response that were left out of the spec.
    """

    spec: EndpointConfigSpec
    unknown_members: tuple[tuple[InputError, Violation], ...]
    left_out: tuple[Violation, ...]


def read_request(request: Mapping[str, Any]) -> ReadRequest:
    """Return the spec of a request, or of a response without the members that only it has."""
    if described := is_description(request):
        request = {key: value for key, value in request.items() if key not in RESPONSE_ONLY}
    spec, unknown_members = from_json(request)
    left_out = tuple(_backfill(spec)) if described else ()
    return ReadRequest(
        _without(spec, left_out), tuple(unknown_member_violations(unknown_members)), left_out
    )


def review_request(
    request: Mapping[str, Any],
    *,
    region: str | None = None,
    rules: Iterable[Rule] = (),
    profile: Profile = Profile.DEFAULT,
) -> Report:
    """Check a request or a response and return the report.

    Args:
        request: ``CreateEndpointConfig`` request as boto3 accepts it, or ``DescribeEndpointConfig``
            response as boto3 returns it.
        region: Region of the endpoint, which some rules need.
        rules: Custom rules, in addition to those of this library.
        profile: Strictness: whether warnings are errors.

    Raises:
        TypeError: The request is not a mapping.
    """
    if not is_mapping(request):
        raise TypeError(
            f"request must be a mapping as boto3 accepts it, not {type(request).__name__}"
        )
    read = read_request(request)
    applied = [rule for rule in (*RULES, *rules) if not rule.of_templates]
    found = [
        *read.unknown_members,
        *evaluate(read.spec, applied),
        *evaluate(ConfigContext(config=read.spec, region=region), applied),
        *((BACKFILL, violation) for violation in read.left_out),
    ]
    by_id = {each.id: each for each in profile.apply((*DIAGNOSTICS, *rules))}
    return Report(tuple(_finding(by_id[each.id], violation) for each, violation in found))


def check_request(
    request: Mapping[str, Any],
    *,
    region: str | None = None,
    rules: Iterable[Rule] = (),
    profile: Profile = Profile.DEFAULT,
) -> list[Finding]:
    """Check a request or a response and return its findings.

    Args:
        request: ``CreateEndpointConfig`` request as boto3 accepts it, or ``DescribeEndpointConfig``
            response as boto3 returns it.
        region: Region of the endpoint, which some rules need.
        rules: Custom rules, in addition to those of this library.
        profile: Strictness: whether warnings are errors.

    Raises:
        TypeError: The request is not a mapping.
    """
    return list(review_request(request, region=region, rules=rules, profile=profile).findings)


def _finding(diagnostic: Diagnostic, violation: Violation) -> Finding:
    path = aws_path(violation.path, EndpointConfigSpec) or "request"
    place = aws_steps(violation.path, EndpointConfigSpec)
    return attrs.evolve(Finding.of(diagnostic, violation, path), place=place)


def _backfill(spec: EndpointConfigSpec) -> Iterator[Violation]:
    """Yield the members that ``DescribeEndpointConfig`` adds and a request must not have.

    They cannot have been in the request that created the configuration.
    """
    for rule, violation in evaluate(spec, RULES):
        if rule.id in {"inference-component-with-weight", "volume-with-local-storage"}:
            yield attrs.evolve(violation, fix="Change nothing; the member is ignored.")


def _without(spec: EndpointConfigSpec, violations: Sequence[Violation]) -> EndpointConfigSpec:
    for violation in violations:
        member, index, name = (str(violation.path[0]), violation.path[1], str(violation.path[2]))
        changed = tuple(
            attrs.evolve(variant, **{name: None}) if place == index else variant
            for place, variant in enumerate(getattr(spec, member))
        )
        change: dict[str, Any] = {member: changed}
        spec = attrs.evolve(spec, **change)
    return spec
