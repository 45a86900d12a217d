"""What every construct that is drafted can do: show itself, and have findings acknowledged.

This is kept out of the constructs themselves: for each construct jsii looks through every name of
each class before CDK's own, and this one comes after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from cdk_epc.constructs.acknowledgements import record
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.resource_state import Draft
from cdk_epc.spec import Spec
from cdk_epc.spec.wire import to_json

if TYPE_CHECKING:
    from constructs import IConstruct, Node

    from cdk_epc.rules import Finding

S = TypeVar("S", bound=Spec)


class Drafted(Generic[S]):
    """A construct around one resource, of which a draft is kept."""

    _draft: Draft[S]
    _resource: Any  # the L1, of the class of its kind

    if TYPE_CHECKING:

        @property
        def node(self) -> Node:
            """The construct's."""
            raise NotImplementedError

    @property
    def spec(self) -> S:
        """What it is as it stands: frozen, without CDK, names still to be made left out."""
        return self._draft.spec

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
        self._draft.acknowledge(given, CallSite.current())
        record(cast("IConstruct", self), self._resource, given)

    @property
    def acknowledged(self) -> tuple[Finding, ...]:
        """Everything that was found and is acknowledged, as it stands now, with the reasons."""
        return self._draft.sorted_at_synth().acknowledged

    def findings_at_synth(self) -> list[Finding]:
        """What keeps it from being complete, and its warnings."""
        return self._draft.findings_at_synth()
