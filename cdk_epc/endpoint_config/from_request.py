"""Conversion of API requests and descriptions to specs of configurations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from cdk_epc.constructs.acknowledgements import with_call_site
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.rule_phases import built_in_phases
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.endpoint_config.base import CONFIG
from cdk_epc.requests import read_request
from cdk_epc.rules import Diagnostic, EndpointConfigError, Finding, Severity, Violation, evaluate
from cdk_epc.rules.call_errors import ARGUMENT_TYPE
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.fields import aws_path, aws_steps
from cdk_epc.spec.unresolved import is_mapping


def spec_of_request(
    request: object,
    construct_scope: ConstructScope,
    site: CallSite | None,
    options: Mapping[str, Any],
) -> EndpointConfigSpec:
    """Return the spec of a ``CreateEndpointConfig`` request or ``DescribeEndpointConfig`` response.

    Args:
        request: The request or the response.
        construct_scope: Scope and id of the future configuration.
        site: The call.
        options: Further arguments of the constructor.

    Raises:
        EndpointConfigError: SageMaker or CloudFormation would refuse the request. The paths of the
            findings use AWS's names.
    """

    def finding(diagnostic: Diagnostic, violation: Violation) -> Finding:
        path = aws_path(violation.path, EndpointConfigSpec) or "request"
        found = Finding.of(diagnostic, violation, path)
        place = aws_steps(violation.path, EndpointConfigSpec)
        return attrs.evolve(with_call_site(found, construct_scope.path, site), place=place)

    if not is_mapping(request):
        violation = Violation(
            path=(), got=request, must="be a mapping", fix="Pass the request as a dict for boto3."
        )
        raise EndpointConfigError([finding(ARGUMENT_TYPE, violation)])
    read = read_request(request)
    profile = StageValidation.of(construct_scope.construct).profile_of(options.get("profile"))
    # A construct cannot write a member that it does not know, so it would drop the member.
    errors: list[tuple[Diagnostic, Violation]] = [
        (attrs.evolve(each, severity=Severity.ERROR), violation)
        for each, violation in read.unknown_members
    ]
    if eager := list(evaluate(read.spec, built_in_phases(profile, CONFIG).eager)):
        reasons = options.get("acknowledge")
        acknowledged = {
            *(reasons if is_mapping(reasons) else ()),
            *construct_scope.acknowledged(),
        }
        errors += [(rule, violation) for rule, violation in eager if rule.id not in acknowledged]
    if errors:
        raise EndpointConfigError(finding(*each) for each in errors)
    return read.spec
