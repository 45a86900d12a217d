"""From a request or a description of the API to a spec that the construct can take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from cdk_epc.constructs.draft import finding_of
from cdk_epc.constructs.pieces import CallSite
from cdk_epc.rules import RULES, EndpointConfigError, Fault, Severity, judge
from cdk_epc.rules.calls import ARGUMENT_TYPE
from cdk_epc.rules.requests import stray_faults
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.paths import in_aws_words
from cdk_epc.spec.wire import RESPONSE_ONLY, from_json, is_description


def spec_of_request(request: object, resource: str, site: CallSite | None) -> EndpointConfigSpec:
    """The spec of a ``CreateEndpointConfig`` request or a ``DescribeEndpointConfig`` response.

    Raises:
        EndpointConfigError: SageMaker or CloudFormation would refuse it; the places are in AWS's
            words.
    """
    if not isinstance(request, Mapping):
        fault = Fault(
            path=(), got=request, allowed="a mapping", fix="Give the request as boto3 takes it."
        )
        raise EndpointConfigError([finding_of(ARGUMENT_TYPE, fault, "request", resource, site)])
    if described := is_description(request):
        request = {key: value for key, value in request.items() if key not in RESPONSE_ONLY}
    spec, strays = from_json(request)
    if described:
        spec = without_backfill(spec)
    settled = [rule for rule in RULES if rule.settled and rule.severity is Severity.ERROR]
    findings = [
        finding_of(rule, fault, in_aws_words(fault.path, EndpointConfigSpec), resource, site)
        for rule, fault in (*stray_faults(strays), *judge(spec, settled))
    ]
    if findings:
        raise EndpointConfigError(findings)
    return spec


def without_backfill(spec: EndpointConfigSpec) -> EndpointConfigSpec:
    """A described configuration without what no request for it could have carried.

    ``DescribeEndpointConfig`` fills in a weight and a volume size that were not asked for. Where
    the service refuses them in a request, they cannot have been in the one that made the
    configuration.
    """
    refused = {
        fault.path
        for rule, fault in judge(spec, RULES)
        if rule.id in {"inference-component-without-weight", "volume-with-local-storage"}
    }
    changes: dict[str, Any] = {}
    for member in ("production_variants", "shadow_production_variants"):
        if variants := getattr(spec, member):
            changes[member] = tuple(
                attrs.evolve(
                    variant,
                    **{str(path[-1]): None for path in refused if path[:2] == (member, index)},
                )
                for index, variant in enumerate(variants)
            )
    return attrs.evolve(spec, **changes) if refused else spec
