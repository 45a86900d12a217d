"""Findings of calls, and the error of a wrong call without the state of a resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

import attrs

from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.values import argument_names
from cdk_epc.rules.finding import EndpointConfigError, Finding, Language
from cdk_epc.rules.rule import Diagnostic, Violation
from cdk_epc.spec import EndpointConfigSpec, Spec
from cdk_epc.spec.fields import aws_steps


def finding_of(  # noqa: PLR0913, PLR0917 - a finding, its construct and its line
    diagnostic: Diagnostic,
    violation: Violation,
    argument: str,
    construct: str,
    site: CallSite | None,
    spec: type[Spec],
    arguments: Mapping[str, str] | None = None,
) -> Finding:
    """Return the finding of a violation in Python names, with the line of the call.

    Args:
        diagnostic: The violated rule, or the error of the call.
        violation: The violation.
        argument: The wrong argument, as the caller wrote it.
        construct: Path of the construct.
        site: The call.
        spec: Class of the spec that the violation's path leads into.
        arguments: Python argument of each member whose argument has another name.
    """
    return attrs.evolve(
        Finding.of(
            diagnostic,
            violation,
            argument,
            Language.PYTHON,
            {**argument_names(), **(arguments or {})},
        ),
        resource=construct or None,  # a value that belongs to no construct yet
        file=site.file if site else None,
        line=site.line if site else None,
        place=aws_steps(violation.path, spec),
    )


def raise_call_error(  # noqa: PLR0913 - those of `finding_of`
    diagnostic: Diagnostic,
    violation: Violation,
    argument: str,
    *,
    construct: str,
    spec: type[Spec] = EndpointConfigSpec,
    site: CallSite | None = None,
) -> NoReturn:
    """Raise the error of a wrong call; `ResourceState` has a method for calls on its resource.

    Args:
        diagnostic: The error of the call.
        violation: The violation.
        argument: The wrong argument, as the caller wrote it.
        construct: Path of the construct.
        spec: Class of the spec that the violation's path leads into; needed unless the path is
            empty.
        site: The call; by default the innermost caller outside this library.

    Raises:
        EndpointConfigError: Always.
    """
    site = site or CallSite.current()
    raise EndpointConfigError([finding_of(diagnostic, violation, argument, construct, site, spec)])
