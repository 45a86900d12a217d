"""A ``CreateEndpointConfig`` request, or a ``DescribeEndpointConfig`` response, by the rules."""

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
    """A request taken into a spec.

    Attributes:
        spec: The configuration.
        strays: What has no place in it.
        left_out: Each member of a description that was left out of it.
    """

    spec: EndpointConfigSpec
    unknown_members: tuple[tuple[InputError, Violation], ...]
    left_out: tuple[Violation, ...]


def read_request(request: Mapping[str, Any]) -> ReadRequest:
    """Take in a request, or a description less what only a description can have."""
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
    """Check a request as boto3 takes it, or a description as it gives it.

    Args:
        request: A ``CreateEndpointConfig`` request or a ``DescribeEndpointConfig`` response.
        region: The region it is for, which some rules need.
        rules: Rules of your own, in addition to ours.
        profile: Whether warnings are errors.

    Raises:
        TypeError: It is no mapping.
    """
    if not is_mapping(request):
        raise TypeError(
            f"a request is a mapping, not {type(request).__name__}; give it as boto3 takes it"
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
    """Every finding of `review_request`, which says what the arguments are."""
    return list(review_request(request, region=region, rules=rules, profile=profile).findings)


def _finding(diagnostic: Diagnostic, violation: Violation) -> Finding:
    words = aws_path(violation.path, EndpointConfigSpec) or "request"
    place = aws_steps(violation.path, EndpointConfigSpec)
    return attrs.evolve(Finding.of(diagnostic, violation, words), place=place)


def _backfill(spec: EndpointConfigSpec) -> Iterator[Violation]:
    """What ``DescribeEndpointConfig`` filled in although the service refuses it in a request.

    It cannot have been in the request that made the configuration.
    """
    for rule, violation in evaluate(spec, RULES):
        if rule.id in {"inference-component-with-weight", "volume-with-local-storage"}:
            yield attrs.evolve(violation, fix="Nothing, unless it was meant; it is left out.")


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
