"""Completion of alarms and dashboards at synth with the resources that are added after the call."""

from __future__ import annotations

from collections.abc import Callable

import aws_cdk as cdk
import jsii
from constructs import IConstruct


@jsii.implements(cdk.IAspect)
class _Completion:
    """Aspect that calls a function for the construct and each construct below it."""

    def __init__(self, complete: Callable[[], None]) -> None:
        self._complete = complete

    def visit(self, node: IConstruct) -> None:  # noqa: ARG002 - of the interface
        """Complete the construct."""
        self._complete()


def complete_at_synth(construct: IConstruct, complete: Callable[[], None]) -> None:
    """Call a function when the app is synthesized, before any template is written.

    CDK calls the function several times.

    Args:
        construct: Construct below which the function adds others.
        complete: Function that adds the missing constructs, each of them once.
    """
    cdk.Aspects.of(construct).add(_Completion(complete))
