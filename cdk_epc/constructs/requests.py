"""From a request or a description of the API to a spec that the construct can take."""

from __future__ import annotations

from cdk_epc.checking.requests import read_request
from cdk_epc.constructs.draft import finding_of
from cdk_epc.constructs.pieces import CallSite
from cdk_epc.rules import RULES, EndpointConfigError, Fault, Finding, Rule, Severity, judge
from cdk_epc.rules.calls import ARGUMENT_TYPE
from cdk_epc.rules.requests import BACKFILL
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.paths import in_aws_words
from cdk_epc.spec.unknown import is_mapping


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
    read = read_request(request)
    at_once = [rule for rule in RULES if rule.settled and rule.severity is Severity.ERROR]
    if errors := [found(*each) for each in (*read.strays, *judge(read.spec, at_once))]:
        raise EndpointConfigError(errors)
    return read.spec, [found(BACKFILL, fault) for fault in read.left_out]
