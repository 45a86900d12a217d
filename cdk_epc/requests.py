"""Check of ``CreateEndpointConfig`` requests and ``DescribeEndpointConfig`` responses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, Final

import attrs

from cdk_epc.rules import RULES, Finding, Profile, Rule, Violation, evaluate
from cdk_epc.rules.evaluation import without_consequences
from cdk_epc.rules.registry import DIAGNOSTICS
from cdk_epc.rules.report import Report
from cdk_epc.rules.requests import REMOVED, unknown_member_violations
from cdk_epc.rules.rule import Diagnostic, InputError
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.context import ConfigContext
from cdk_epc.spec.fields import aws_path, aws_steps
from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.spec.wire import from_json, is_description, request_of_description

_ADDED: Final = frozenset({"inference-component-with-weight", "volume-with-local-storage"})
"""Rules of the weight and the volume size that ``DescribeEndpointConfig`` adds."""


@attrs.frozen
class ReadRequest:
    """Request, converted to a spec.

    Attributes:
        spec: Configuration of the request.
        unknown_members: Violations of members that the spec cannot hold.
        is_description: Whether the request is a response of ``DescribeEndpointConfig``.
    """

    spec: EndpointConfigSpec
    unknown_members: tuple[tuple[InputError, Violation], ...]
    is_description: bool = False


def read_request(request: Mapping[str, Any]) -> ReadRequest:
    """Return the spec of a request, or of a response without everything that SageMaker added."""
    if not is_description(request):
        spec, unknown_members = from_json(request)
        return ReadRequest(spec, tuple(unknown_member_violations(unknown_members)))
    spec, unknown_members = from_json(request_of_description(request))
    violations = tuple(unknown_member_violations(unknown_members))
    return ReadRequest(_without_additions(spec), violations, is_description=True)


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
    found = without_consequences(
        # SageMaker knows the members of its own response.
        chain(
            (
                each
                for each in read.unknown_members
                if not read.is_description or each[0] is REMOVED
            ),
            evaluate(read.spec, applied),
            evaluate(ConfigContext(config=read.spec, region=region), applied),
        )
    )
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


def _without_additions(spec: EndpointConfigSpec) -> EndpointConfigSpec:
    """Return a spec without the members that SageMaker added to the request.

    The request that created the configuration cannot have had them.
    """
    for rule, violation in list(evaluate(spec, RULES)):
        if rule.id not in _ADDED:
            continue
        member, index, name = (str(violation.path[0]), violation.path[1], str(violation.path[2]))
        changed = tuple(
            attrs.evolve(variant, **{name: None}) if place == index else variant
            for place, variant in enumerate(getattr(spec, member))
        )
        change: dict[str, Any] = {member: changed}
        spec = attrs.evolve(spec, **change)
    return spec
