"""Base class of the constructs whose resource is checked, and the `acknowledge` function."""

from __future__ import annotations

from typing import Any, Generic

import attrs
import aws_cdk as cdk
from constructs import Construct, IConstruct

from cdk_epc.constructs.acknowledgements import (
    CALL_ERROR_IDS,
    acknowledgement_errors,
    record_acknowledgements,
    with_call_site,
)
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.internals import R, S
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.rules import EndpointConfigError, Finding
from cdk_epc.rules.acknowledgements import UNKNOWN
from cdk_epc.rules.rule import InputError
from cdk_epc.spec.wire import to_json


class CheckedResource(Construct, Generic[S, R]):
    """Base class of the constructs whose resource is checked at each call and at synth.

    A construct with another base class of CDK names that one first: for each construct, jsii looks
    through the names of all classes before the first one of CDK, at 0.9 microseconds a name.
    """

    _internals: Any  # a `ConstructInternals[S, R]`; a subclass declares the type of its own

    @property
    def _state(self) -> ResourceState[S]:
        """State of the resource."""
        state: ResourceState[S] = self._internals.state
        return state

    @property
    def _resource(self) -> R:
        """L1 construct of the resource."""
        resource: R = self._internals.resource
        return resource

    @property
    def spec(self) -> S:
        """Resource as a frozen spec without CDK; generated names are not set."""
        return self._state.spec

    def to_request(self) -> dict[str, Any]:
        """Return the resource as a boto3 request; tokens remain tokens."""
        return to_json(self.spec)

    def acknowledge(self, rule_id: str, *, reason: str) -> None:
        """Acknowledge the findings of a rule, those of later calls included.

        Args:
            rule_id: Id of the rule.
            reason: Why the findings may stay, as a sentence. CDK's metadata and the template keep
                the reason.

        Raises:
            EndpointConfigError: The id is unknown, the rule cannot be acknowledged, or the reason
                is empty.
        """
        given = {rule_id: reason}
        self._state.acknowledge(given, CallSite.current())
        record_acknowledgements(self, self._resource, given)

    @property
    def acknowledged(self) -> tuple[Finding, ...]:
        """Acknowledged findings of the current state, with their reasons."""
        return self._state.report_at_synth().acknowledged

    def findings_at_synth(self) -> list[Finding]:
        """Return the errors and warnings that `cdk synth` would report for the current state."""
        return list(self._state.report_at_synth().findings)


def acknowledge(construct: IConstruct, rule_id: str, *, reason: str) -> None:
    """Acknowledge the findings of a rule on a construct and on everything below it.

    CDK's metadata keeps the reason, and CDK's report of `EndpointValidator` shows it. The
    ``Metadata`` of a resource, or of the resource in an L2, keeps the reason too, so that the
    findings are acknowledged wherever the template is checked.

    On a construct of this library, the function is the same as its ``acknowledge`` method. On any
    other construct, the function accepts every id that a rule can have, because the rules that
    will apply are not known yet. The validator reports unknown ids and unused acknowledgements.

    Args:
        construct: A resource, or a scope: a stack, a stage or an app.
        rule_id: Id of a rule, custom rules included.
        reason: Why the findings may stay, as a sentence.

    Raises:
        EndpointConfigError: No rule can have this id, the id is that of a call error, or the
            reason is empty.
    """
    if isinstance(construct, CheckedResource):
        construct.acknowledge(rule_id, reason=reason)
        return
    # Imported here because this imports the rules of all types of resources.
    from cdk_epc.rules.registry import DIAGNOSTICS  # noqa: PLC0415

    rules = [*DIAGNOSTICS, *_custom_rule(rule_id, {rule.id for rule in DIAGNOSTICS})]
    if wrong := acknowledgement_errors({str(rule_id): reason}, rules, CALL_ERROR_IDS):
        site, path = CallSite.current(), construct.node.path
        raise EndpointConfigError(with_call_site(each, path, site) for each in wrong)
    record_acknowledgements(construct, _resource_of(construct), {rule_id: reason.strip()})


def _custom_rule(id_: str, taken: set[str]) -> list[InputError]:
    """Return a diagnostic with this id if a custom rule can have the id."""
    try:
        return [] if id_ in taken else [attrs.evolve(UNKNOWN, id=id_)]
    except (TypeError, ValueError):  # the id is not text, or not in kebab case
        return []


def _resource_of(construct: IConstruct) -> cdk.CfnResource | None:
    if isinstance(construct, cdk.CfnResource):
        return construct
    child = construct.node.default_child
    return child if isinstance(child, cdk.CfnResource) else None
