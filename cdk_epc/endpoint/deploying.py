"""What can be done with an endpoint once it is there.

This is kept out of `Endpoint` itself: for each construct jsii looks through every name of each
class before CDK's own, and this one comes after.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.checked_resource import Drafted
from cdk_epc.endpoint.cycles import refuse_cycles
from cdk_epc.endpoint.retain import Retain, is_retaining, not_retained
from cdk_epc.endpoint.rollback_alarms import NamedAlarm, hold_alarms
from cdk_epc.endpoint.summary import summary_of
from cdk_epc.endpoint.variant import EndpointVariant
from cdk_epc.endpoint_config.variant_handle import VariantHandle
from cdk_epc.permissions.role_permissions import Need
from cdk_epc.rules.call_errors import VARIANT_UNKNOWN
from cdk_epc.rules.rule import Fault, Words
from cdk_epc.spec import EndpointSpec
from cdk_epc.spec.patterns import NAME_LENGTH
from cdk_epc.spec.unresolved import is_unknown
from cdk_epc.spec.wire import l1_value

if TYPE_CHECKING:
    from aws_cdk.aws_sagemaker import CfnEndpoint

    from cdk_epc.endpoint.construct import Endpoint
    from cdk_epc.endpoint.rollback_alarms import RollbackAlarm
    from cdk_epc.endpoint_config.construct import EndpointConfig


class Deploying(Drafted[EndpointSpec]):
    """An endpoint with the variants that it runs, and what its updates are rolled back for.

    Attributes:
        config: Its configuration, if that is an `EndpointConfig` of this app.
    """

    config: EndpointConfig | None
    _resource: CfnEndpoint
    _describing: iam.PolicyStatement | None
    _is_named_if_needed: bool

    @property
    def variants(self) -> tuple[EndpointVariant, ...]:
        """The variants as they run, production first; none if the configuration is not known."""
        if self.config is None:
            return ()
        return tuple(EndpointVariant(self._itself, each) for each in self.config.variants)

    def roll_back_on(self, *alarms: RollbackAlarm) -> None:
        """Roll an update back as soon as one of these alarms goes off.

        An alarm on one of the endpoint's own metrics would wait for the endpoint, and the endpoint
        for the alarm. So an endpoint without a name is named here, after its place in the app, if
        one of the alarms is made by this app; and `name_in_metrics`, which every ``metric_...`` of
        the endpoint has as its dimension, is that name from then on, also in alarms that are older
        than this call.

        The name is part of the resource: CloudFormation replaces an endpoint that was deployed
        without one. An endpoint with a ``deployment`` has one from the start; otherwise give
        ``endpoint_name``, or the rollback alarms.

        The execution roles that are known as constructs are allowed to look at the alarms, and the
        endpoint waits for that.

        Args:
            *alarms: Alarms, composite ones too, or the names of alarms of the stack's own account
                and region. All in all an endpoint takes 10.

        Raises:
            EndpointConfigError: They are too many, or something else, or one has a reference to the
                endpoint as its dimension.
        """
        site = CallSite.current()
        refuse_cycles(self, alarms, "roll_back_on()", site)
        self._look_at(hold_alarms(self._draft, self._itself, alarms, "roll_back_on()", site))
        self._resource.deployment_config = l1_value(self.spec.deployment_config)

    def __str__(self) -> str:
        """The endpoint on a few lines."""
        return summary_of(self)

    def note_scaling(self, variant: VariantHandle) -> None:  # noqa: ARG002 - the endpoint retains as a whole
        """Retain what scaling has come to, unless it was said what to retain.

        Called for each variant that becomes scaled; see `Retain`.
        """
        if self.spec.retain_all_variant_properties is not None:
            return
        default = Retain.instance_counts()
        changes = {
            "retain_all_variant_properties": is_retaining(default),
            "exclude_retained_variant_properties": not_retained(default),
        }
        self._draft.give([], **changes)
        for member, what in changes.items():
            setattr(self._resource, member, l1_value(what))

    @property
    def _itself(self) -> Endpoint:
        return cast("Endpoint", self)

    def _variant(self, variant: str | VariantHandle) -> EndpointVariant:
        found = [each for each in self.variants if _is_it(each, variant)]
        if not found:
            fault = _no_such(variant, [each.variant_name for each in self.variants])
            self._draft.refuse(VARIANT_UNKNOWN, fault, "variant", CallSite.current())
        return found[0]

    def _look_at(self, alarms: Iterable[NamedAlarm]) -> None:
        """Let the execution roles describe these, and name the endpoint if one may watch it."""
        alarms = tuple(alarms)
        if not alarms:
            return
        if any(is_unknown(each.name) for each in alarms):
            self._take_a_name()
        if self._describing is None:
            self._describing = self._described()
        self._describing.add_resources(*(each.arn for each in alarms))

    def _described(self) -> iam.PolicyStatement:
        """The statement of a policy that only the endpoint waits for.

        A model waits for the default policy of its role. The alarms may refer to the configuration,
        which refers to the model, so that policy must not refer to the alarms.
        """
        statement = iam.PolicyStatement(actions=["cloudwatch:DescribeAlarms"])
        if self.config is None:
            return statement
        policy = iam.Policy(self._itself, "RollbackAlarms", statements=[statement])
        self._resource.node.add_dependency(policy)
        key = ("describes alarms", self.node.path)
        need = Need(key, lambda role: role.attach_inline_policy(policy))
        self.config.access.add_needs([need])
        return statement

    def _take_a_name(self) -> None:
        """Have a name that is known at synth, if there is none yet that refers to nothing."""
        if self.spec.endpoint_name is not None:
            return
        name = (
            self._itself._generate_physical_name()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
            if self._is_named_if_needed
            else cdk.Names.unique_resource_name(self._itself, max_length=NAME_LENGTH, separator="-")
        )
        self._draft.give([], endpoint_name=name)
        self._resource.endpoint_name = name


def _is_it(known: VariantHandle, variant: str | VariantHandle) -> bool:
    if isinstance(variant, VariantHandle):
        return variant.config is known.config and variant.place == known.place
    return variant == known.variant_name


def _no_such(variant: str | VariantHandle, names: Sequence[str]) -> Fault:
    if isinstance(variant, VariantHandle):
        variant = Words(f"{variant.variant_name!r} of another configuration")
    return Fault(
        path=("endpoint_config_name",),
        got=variant,
        allowed=", ".join(map(repr, names)) or "none, for the configuration is not known",
        fix="Name one of these, or add it to the configuration."
        if names
        else "Give the endpoint an EndpointConfig of this app; for metrics alone, "
        "MeasuredVariant(endpoint, name) will do.",
    )
