"""From a request or a description of the API to a spec that the construct can take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from cdk_epc.constructs.draft import finding_of
from cdk_epc.constructs.pieces import CallSite
from cdk_epc.rules import RULES, EndpointConfigError, Fault, Finding, Rule, Severity, judge
from cdk_epc.rules.calls import ARGUMENT_TYPE
from cdk_epc.rules.requests import BACKFILL, stray_faults
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.paths import in_aws_words
from cdk_epc.spec.unknown import is_mapping
from cdk_epc.spec.wire import RESPONSE_ONLY, from_json, is_description


def spec_of_request(
    request: object, resource: str, site: CallSite | None
) -> tuple[EndpointConfigSpec, list[Finding]]:
    """The spec of a ``CreateEndpointConfig`` request or a ``DescribeEndpointConfig`` response.

    Returns:
        The spec, and a warning for each member of a description that is left out of it.

    Raises:
        EndpointConfigError: SageMaker or CloudFormation would refuse it; the places are in AWS's
            words.
    """

    def found(rule: Rule, fault: Fault) -> Finding:
        words = in_aws_words(fault.path, EndpointConfigSpec) or "request"
        return finding_of(rule, fault, words, resource, site)

    if not is_mapping(request):
        fault = Fault(
            path=(), got=request, allowed="a mapping", fix="Give the request as boto3 takes it."
        )
        raise EndpointConfigError([found(ARGUMENT_TYPE, fault)])
    if described := is_description(request):
        request = {key: value for key, value in request.items() if key not in RESPONSE_ONLY}
    spec, strays = from_json(request)
    backfill = list(_backfill(spec)) if described else []
    spec = _without(spec, backfill)
    at_once = [rule for rule in RULES if rule.settled and rule.severity is Severity.ERROR]
    if errors := [found(*each) for each in (*stray_faults(strays), *judge(spec, at_once))]:
        raise EndpointConfigError(errors)
    return spec, [found(BACKFILL, fault) for fault in backfill]


def _backfill(spec: EndpointConfigSpec) -> Iterator[Fault]:
    """What ``DescribeEndpointConfig`` filled in although the service refuses it in a request.

    It cannot have been in the request that made the configuration.
    """
    for rule, fault in judge(spec, RULES):
        if rule.id in {"inference-component-without-weight", "volume-with-local-storage"}:
            fix = "Nothing, unless it was meant; it is left out."
            yield attrs.evolve(fault, fix=fix)


def _without(spec: EndpointConfigSpec, faults: Sequence[Fault]) -> EndpointConfigSpec:
    for fault in faults:
        member, index, name = (str(fault.path[0]), fault.path[1], str(fault.path[2]))
        changed = tuple(
            attrs.evolve(variant, **{name: None}) if place == index else variant
            for place, variant in enumerate(getattr(spec, member))
        )
        change: dict[str, Any] = {member: changed}
        spec = attrs.evolve(spec, **change)
    return spec
