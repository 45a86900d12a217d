"""Check of requests, each with the requests of the same deployment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, Final

import attrs

from cdk_epc.requests.context import RelatedRequests
from cdk_epc.requests.conversion import ACTION, ReadRequest, read_any, require_mapping
from cdk_epc.rules import Finding, Profile, Rule, Violation
from cdk_epc.rules.evaluation import without_consequences
from cdk_epc.rules.report import Report
from cdk_epc.rules.requests import REMOVED
from cdk_epc.rules.rule import Diagnostic, rules_given
from cdk_epc.rules.rule_set import RuleSet
from cdk_epc.spec.fields import Path, Spec, aws_path, aws_steps
from cdk_epc.spec.request_type import (
    CREATE_COMPONENT,
    CREATE_CONFIG,
    PUT_SCHEDULE,
    REGISTER_TARGET,
    RequestType,
    request_type_of,
)
from cdk_epc.spec.scaling import ScheduledAction

_CAPACITIES: Final = frozenset({("min_capacity",), ("max_capacity",)})


def review_request(
    request: Mapping[str, Any],
    *,
    region: str | None = None,
    related: Iterable[Mapping[str, Any]] = (),
    rules: Iterable[Rule] = (),
    profile: Profile = Profile.DEFAULT,
) -> Report:
    """Check a request or a response and return the report; see `check_request`.

    Raises:
        TypeError: The request, or a related one, is not a mapping.
        ValueError: A request contains itself, or too many values.
    """
    return next(_reports([request, *related], region, rules_given(rules), profile))


def review_requests(
    requests: Sequence[Mapping[str, Any]],
    *,
    region: str | None = None,
    rules: Iterable[Rule] = (),
    profile: Profile = Profile.DEFAULT,
) -> list[Report]:
    """Check the requests of one deployment and return the report on each.

    Args:
        requests: Requests and responses, each as `check_request` accepts it.
        region: Region of the endpoint, which some rules need.
        rules: Custom rules, in addition to those of this library.
        profile: Strictness: whether warnings are errors.

    Raises:
        TypeError: A request is not a mapping.
        ValueError: A request contains itself, or too many values.
    """
    return list(_reports(requests, region, rules_given(rules), profile))


def check_request(
    request: Mapping[str, Any],
    *,
    region: str | None = None,
    related: Iterable[Mapping[str, Any]] = (),
    rules: Iterable[Rule] = (),
    profile: Profile = Profile.DEFAULT,
) -> list[Finding]:
    """Check a request or a response and return its findings.

    The members of the request tell its operation: ``CreateEndpointConfig``, ``CreateModel``,
    ``CreateEndpoint``, ``CreateInferenceComponent``, ``RegisterScalableTarget``,
    ``PutScalingPolicy``, ``PutScheduledAction`` or ``PutMetricAlarm``. Any other mapping is checked
    as a ``CreateEndpointConfig`` request.

    Args:
        request: Request as boto3 accepts it, or the response of ``DescribeEndpointConfig`` or
            ``DescribeModel`` as boto3 returns it.
        region: Region of the endpoint, which some rules need.
        related: Other requests of the same deployment, such as those that create the models of a
            configuration. Rules on related resources need them; their own findings are left out.
        rules: Custom rules, in addition to those of this library.
        profile: Strictness: whether warnings are errors.

    Raises:
        TypeError: The request, or a related one, is not a mapping.
        ValueError: A request contains itself, or too many values.
    """
    report = review_request(request, region=region, related=related, rules=rules, profile=profile)
    return list(report.findings)


@cache
def _default_rules(profile: Profile) -> RuleSet:
    return RuleSet.built_in(profile, of_templates=False)


def _rules(more: Sequence[Rule], profile: Profile) -> RuleSet:
    if not more:
        return _default_rules(profile)
    # Imported here because custom rules are rare.
    from cdk_epc.rules.custom_checks import guarded  # noqa: PLC0415
    from cdk_epc.rules.registry import DIAGNOSTICS  # noqa: PLC0415

    every = profile.apply((*DIAGNOSTICS, *guarded(more)))
    applied = RuleSet.of(
        each for each in every if not isinstance(each, Rule) or not each.of_templates
    )
    return attrs.evolve(applied, by_id={each.id: each for each in every})


def _reports(
    requests: Sequence[Mapping[str, Any]],
    region: str | None,
    rules: Sequence[Rule],
    profile: Profile,
) -> Iterator[Report]:
    """Yield the report on each request of a deployment."""
    for request in requests:
        require_mapping(request)
    read = [read_any(request, request_type_of(request) or CREATE_CONFIG) for request in requests]
    related = RelatedRequests([each.spec for each in read], region)
    applied = _rules(rules, profile)
    for each in read:
        found = [
            (diagnostic, violation)
            for diagnostic, violation in _violations(each, related, applied)
            if not _is_of_cloudformation(each.type, diagnostic.id, violation)
        ]
        yield Report(
            tuple(
                _finding(applied.by_id[diagnostic.id], violation, each.type)
                for diagnostic, violation in without_consequences(found)
            )
        )


def _violations(
    read: ReadRequest[Spec], related: RelatedRequests, rules: RuleSet
) -> Iterator[tuple[Diagnostic, Violation]]:
    # SageMaker knows the members of its own response.
    for each in read.unknown_members:
        if not read.is_description or each[0] is REMOVED:
            yield each
    for diagnostic, violation in chain.from_iterable(
        rules.evaluate(subject) for subject in related.subjects_of(read.spec)
    ):
        # Tools write 0 in place of a number that the description does not have.
        is_filled_in = diagnostic.id == "value-out-of-range" and violation.got == 0
        if not (read.is_description and is_filled_in):
            yield diagnostic, violation


def _is_of_cloudformation(type_: RequestType, rule_id: str, violation: Violation) -> bool:
    """Return whether only CloudFormation has the requirement that a request violates.

    The specs have the narrower bound of CloudFormation and the API.
    """
    path = violation.path
    if type_ in (REGISTER_TARGET, PUT_SCHEDULE):
        return rule_id == "value-missing" and path in _CAPACITIES
    if type_ is not CREATE_COMPONENT:
        return False
    if rule_id == "value-missing":
        return path[-1] == "availability_zone_balance"
    return rule_id == "value-length-wrong" and path[0] == "tags" and violation.got == ""


def _finding(diagnostic: Diagnostic, violation: Violation, type_: RequestType) -> Finding:
    path, root = violation.path, type_.spec
    if type_ is PUT_SCHEDULE:
        path, root = _path_of_action(path)
    found = Finding.of(diagnostic, violation, aws_path(path, root) or "request")
    return attrs.evolve(found, place=aws_steps(path, root))


def _path_of_action(path: Path) -> tuple[Path, type[Spec]]:
    """Return the path in a ``PutScheduledAction`` request of a path in the scalable target."""
    if path[: len(ACTION)] == ACTION:
        return path[len(ACTION) :], ScheduledAction
    return path, REGISTER_TARGET.spec
