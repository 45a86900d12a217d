"""What scales between two capacities, whatever it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import attrs
from aws_cdk.aws_applicationautoscaling import CfnScalableTarget
from constructs import Construct

from cdk_epc.autoscaling.kinds import TARGET
from cdk_epc.autoscaling.scale_from_zero import Signal, Waking
from cdk_epc.constructs.acknowledgements import record_acknowledgements
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.internals import ConstructInternals
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.rules.call_errors import SCALED_TWICE, WAKE_UP_UNHEARD
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec.scaling import ScalableDimension, ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.spec.wire import to_l1_arguments

if TYPE_CHECKING:
    from cdk_epc.spec.context import ScalableTargetContext


TITLE: Final = "auto_scale()"
"""How whoever called it knows the call."""
_SCALED: Final[WeakKeyDictionary[Construct, set[str]]] = WeakKeyDictionary()
"""The ids of the targets of each endpoint and component: asking Node would cost a call each."""


@attrs.frozen(kw_only=True)
class Scaled:
    """What there is to scale.

    Attributes:
        scope: The construct that it belongs to.
        id: The id of the scalable target there.
        resource_id: How Application Auto Scaling finds it: a reference, so that the target waits.
        dimension: What of it is scaled.
        words: What it is, in words.
        in_place: The target with these policies, and with what stands around it.
        own: The dimensions of its own metrics, by their names; each may be spelt several ways.
        signal: What says that somebody waits while there is none of it; ``None`` where that never
            is. Both are asked for only where they are needed: a reference costs a call into Node.
    """

    scope: Construct
    id: str
    resource_id: str
    dimension: ScalableDimension
    words: str
    context: Callable[
        [ScalableTargetSpec, tuple[ScalingPolicySpec, ...] | None], ScalableTargetContext
    ]
    own: Callable[[], Mapping[str, tuple[str, ...]]]
    signal: Callable[[], Signal] | None = None


@attrs.frozen(kw_only=True)
class Bounds:
    """Between which capacities; the attributes are the arguments of ``auto_scale``."""

    min_capacity: int
    max_capacity: int
    wake_up: bool | None = None
    acknowledge: Mapping[str, str] | None = None


def draft_of(
    what: Scaled, bounds: Bounds, site: CallSite | None
) -> ResourceState[ScalableTargetSpec]:
    """The target, before there is a construct.

    Raises:
        EndpointConfigError: SageMaker could not scale this, or it is scaled already.
    """
    construct_scope = ConstructScope(what.scope, what.id)
    state = ResourceState(TARGET, construct_scope, (), site, StageValidation.of(what.scope).profile)
    if what.id in _SCALED.get(what.scope, ()):
        violation = Violation(
            path=("resource_id",),
            got=Words(f"a second call for {what.words}"),
            must="be one, and it has been scaled",
            fix="Keep what the first call gave back, and add policies to that.",
        )
        state.raise_call_error(SCALED_TWICE, violation, TITLE, site)
    state.acknowledge(bounds.acknowledge, site)
    if bounds.wake_up and what.signal is None:
        violation = Violation(
            path=(),
            got=True,
            not_allowed="because only asynchronous endpoints and inference components come down "
            "to zero",
            fix="Take it out.",
        )
        state.raise_call_error(WAKE_UP_UNHEARD, violation, f"{TITLE}.wake_up", site)
    supplied_parts = [
        SuppliedPart((name,), f"{TITLE}.{name}", getattr(bounds, name), site)
        for name in ("min_capacity", "max_capacity")
    ]
    state.update(
        [SuppliedPart((), TITLE, None, site), *supplied_parts],
        min_capacity=bounds.min_capacity,
        max_capacity=bounds.max_capacity,
        resource_id=what.resource_id,
        scalable_dimension=what.dimension.value,
        service_namespace="sagemaker",
    )
    # Without policies, for these come with later calls.
    state.check_in_context(what.context(state.spec, None), TITLE, site, state.supplied_parts)
    return state


class Scalable(Waking):
    """What scales between two capacities.

    It has no role: Application Auto Scaling uses its service-linked role for SageMaker, and makes
    it when the account has none.
    """

    def __init__(
        self, what: Scaled, bounds: Bounds, state: ResourceState[ScalableTargetSpec], path: str
    ) -> None:
        """Make the target that was drafted."""
        super().__init__(what.scope, what.id)
        _SCALED.setdefault(what.scope, set()).add(what.id)
        self._what, self._policies = what, {}
        self._internals = ConstructInternals(state)
        self._validation, self._path = StageValidation.of(what.scope), path
        self._wakes, self._signal = bounds.wake_up, what.signal
        state.scope.construct = self
        state.context = self._context
        self._internals.resource = CfnScalableTarget(
            self, "Resource", **to_l1_arguments(state.spec)
        )
        if kept := state.acknowledgements.reasons:
            record_acknowledgements(self, self._resource, kept)
        self._validation.add(self)
        self._wake(bounds.min_capacity, bounds.max_capacity)

    @property
    def scalable_target_id(self) -> str:
        """What ``Ref`` gives, for policies made by hand."""
        return self._resource.ref
