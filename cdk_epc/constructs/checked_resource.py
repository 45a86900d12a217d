"""What every construct that is drafted can do: show itself, and have findings acknowledged.

This is kept out of the constructs themselves: for each construct jsii looks through every name of
each class before CDK's own, and this one comes after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import attrs
import aws_cdk as cdk
from constructs import IConstruct

from cdk_epc.constructs.acknowledgements import (
    CALL_ERROR_IDS,
    acknowledgement_errors,
    record_acknowledgements,
    with_call_site,
)
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.rules import EndpointConfigError
from cdk_epc.rules.acknowledgements import UNKNOWN
from cdk_epc.rules.registry import DIAGNOSTICS
from cdk_epc.rules.rule import InputError
from cdk_epc.spec import Spec
from cdk_epc.spec.wire import to_json

if TYPE_CHECKING:
    from constructs import IConstruct, Node

    from cdk_epc.rules import Finding


S = TypeVar("S", bound=Spec)


class CheckedResource(Generic[S]):
    """A construct around one resource, of which a draft is kept."""

    _state: ResourceState[S]
    _resource: Any  # the L1, of the class of its kind

    if TYPE_CHECKING:

        @property
        def node(self) -> Node:
            """The construct's."""
            raise NotImplementedError

    @property
    def spec(self) -> S:
        """What it is as it stands: frozen, without CDK, names still to be made left out."""
        return self._state.spec

    def to_request(self) -> dict[str, Any]:
        """It as boto3 takes it; tokens stay tokens."""
        return to_json(self.spec)

    def acknowledge(self, rule_id: str, *, reason: str) -> None:
        """Leave the findings of a rule as they are, those of later calls too.

        Args:
            rule_id: The rule.
            reason: Why its findings may stay, as a sentence. It is kept in CDK's metadata and in
                the template.

        Raises:
            EndpointConfigError: There is no such rule, its findings are of a kind that leaves
                nothing behind, or the reason says nothing.
        """
        given = {rule_id: reason}
        self._state.acknowledge(given, CallSite.current())
        record_acknowledgements(cast("IConstruct", self), self._resource, given)

    @property
    def acknowledged(self) -> tuple[Finding, ...]:
        """Everything that was found and is acknowledged, as it stands now, with the reasons."""
        return self._state.report_at_synth().acknowledged

    def findings_at_synth(self) -> list[Finding]:
        """What keeps it from being complete, and its warnings."""
        return self._state.findings_at_synth()


def acknowledge(construct: IConstruct, rule_id: str, *, reason: str) -> None:
    """Leave the findings of a rule as they are, on a construct and on all that is below it.

    The reason is kept in CDK's metadata, from where CDK's report of `EndpointValidator` has it, and
    with a resource (or with the one inside an L2) in the template's ``Metadata`` too, so that the
    template passes wherever it is checked.

    On a construct of this library it is the same as its method. Elsewhere the rules that will apply
    are not known yet, so that any id that could be a rule's is taken; the validator reports one
    that is unknown, and one that is not needed.

    Args:
        construct: A resource, or a scope: a stack, a stage, an app.
        rule_id: The id of the rule, one of your own included.
        reason: Why the findings may stay, as a sentence.

    Raises:
        EndpointConfigError: The id can be no rule's, or that of a rule about calls, which leave
            nothing behind; or the reason says nothing.
    """
    if isinstance(construct, CheckedResource):
        construct.acknowledge(rule_id, reason=reason)
        return
    rules = [*DIAGNOSTICS, *_of_ones_own(rule_id)]
    if wrong := acknowledgement_errors({str(rule_id): reason}, rules, CALL_ERROR_IDS):
        site, path = CallSite.current(), construct.node.path
        raise EndpointConfigError(with_call_site(each, path, site) for each in wrong)
    record_acknowledgements(construct, _resource_of(construct), {rule_id: reason.strip()})


def _of_ones_own(id_: str) -> list[InputError]:
    """A rule of this id, if it could be the id of a rule."""
    try:
        return (
            [attrs.evolve(UNKNOWN, id=id_)] if id_ not in {rule.id for rule in DIAGNOSTICS} else []
        )
    except (TypeError, ValueError):  # what is no text, and what is no such text
        return []


def _resource_of(construct: IConstruct) -> cdk.CfnResource | None:
    if isinstance(construct, cdk.CfnResource):
        return construct
    child = construct.node.default_child
    return child if isinstance(child, cdk.CfnResource) else None
