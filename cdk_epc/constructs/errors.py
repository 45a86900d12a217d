"""Calls on an endpoint that make no sense are refused where they are written."""

from __future__ import annotations

from typing import NoReturn

from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.resource_state import finding_of
from cdk_epc.rules.finding import EndpointConfigError
from cdk_epc.rules.rule import Diagnostic, Violation
from cdk_epc.spec import EndpointSpec


def refuse(path: str, rule: Diagnostic, words: str, violation: Violation) -> NoReturn:
    """Refuse a call about the endpoint of this construct path.

    Raises:
        EndpointConfigError: Always.
    """
    site = CallSite.current()
    raise EndpointConfigError([finding_of(rule, violation, words, path, site, EndpointSpec)])
