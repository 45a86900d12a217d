"""From a request or a description of the API to a spec that the construct can take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.resource_state import finding_of, our_timetable
from cdk_epc.constructs.resource_type import CONFIG
from cdk_epc.constructs.scope import Surroundings
from cdk_epc.constructs.stage_validation import Guard
from cdk_epc.requests import read_request
from cdk_epc.rules import EndpointConfigError, Fault, Finding, Rule, judge
from cdk_epc.rules.call_errors import ARGUMENT_TYPE
from cdk_epc.rules.requests import BACKFILL
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.fields import in_aws_words
from cdk_epc.spec.unresolved import is_mapping


def spec_of_request(
    request: object,
    around: Surroundings,
    site: CallSite | None,
    options: Mapping[str, Any],
) -> tuple[EndpointConfigSpec, list[Finding]]:
    """The spec of a ``CreateEndpointConfig`` request or a ``DescribeEndpointConfig`` response.

    Args:
        request: Either.
        around: Where the configuration will stand.
        site: The call.
        options: The further arguments of the constructor.

    Returns:
        The spec, and a warning for each member of a description that is left out of it.

    Raises:
        EndpointConfigError: SageMaker or CloudFormation would refuse it; the places are in AWS's
            words.
    """

    def found(rule: Rule, fault: Fault) -> Finding:
        words = in_aws_words(fault.path, EndpointConfigSpec) or "request"
        return finding_of(rule, fault, words, around.path, site, EndpointConfigSpec)

    if not is_mapping(request):
        fault = Fault(
            path=(), got=request, allowed="a mapping", fix="Give the request as boto3 takes it."
        )
        raise EndpointConfigError([found(ARGUMENT_TYPE, fault)])
    read = read_request(request)
    profile = Guard.of(around.construct).profile_of(options.get("profile"))
    errors = list(read.strays)
    if settled := list(judge(read.spec, our_timetable(profile, CONFIG).at_once)):
        given = options.get("acknowledge")
        left = {*(given if is_mapping(given) else ()), *around.acknowledged()}
        errors += [(rule, fault) for rule, fault in settled if rule.id not in left]
    if errors:
        raise EndpointConfigError(found(*each) for each in errors)
    (backfill,) = profile.apply([BACKFILL])
    return read.spec, [found(backfill, fault) for fault in read.left_out]
