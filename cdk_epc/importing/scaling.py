"""Scalable targets and scaling policies as calls of the typed API."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.importing.expressions import VARIABLE, NotTypedError, attribute_of, function_of
from cdk_epc.importing.members import Conversion, Fields, Members, objects_of
from cdk_epc.importing.syntax import Atom, Call, Expression, call
from cdk_epc.spec.unresolved import is_list, is_mapping, items_of

_VARIANT: Final = re.compile(r"endpoint/(?P<name>[^/]+)/variant/(?P<variant>[^/\x00]+)")
_COMPONENT: Final = re.compile(r"inference-component/(?P<name>[^/]+)")
_MARK: Final = "\x00"

PREDEFINED: Final = {
    "SageMakerVariantInvocationsPerInstance": "scale_on_invocations",
    "SageMakerVariantConcurrentRequestsPerModelHighResolution": "scale_on_concurrent_requests",
    "SageMakerVariantProvisionedConcurrencyUtilization": (
        "scale_on_provisioned_concurrency_utilization"
    ),
    "SageMakerInferenceComponentInvocationsPerCopy": "scale_on_invocations",
    "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution": (
        "scale_on_concurrent_requests"
    ),
}
"""Method of each predefined metric."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ScaledResource(Record):
    """Resource that a scalable target names.

    Attributes:
        name: Name of the endpoint or component, or its logical id behind a mark.
        variant: Name of the variant; ``None`` for a component.
    """

    name: str
    variant: str | None = None

    @property
    def logical_id(self) -> str | None:
        """Logical id of the resource; ``None`` if a name is given."""
        return self.name[1:] if self.name.startswith(_MARK) else None


def scaled_resource(resource_id: Any) -> ScaledResource | None:  # noqa: ANN401 - JSON
    """Return the resource that ``ResourceId`` names; ``None`` for other values."""
    text = _plain(resource_id)
    if text is None:
        return None
    if (found := _VARIANT.fullmatch(text)) is not None:
        return ScaledResource(name=found["name"], variant=found["variant"])
    component = _COMPONENT.fullmatch(text)
    return None if component is None else ScaledResource(name=component["name"])


def _plain(value: Any) -> str | None:  # noqa: ANN401 - JSON
    """Return a text in which a mark and a logical id stand for the name of a resource."""
    if isinstance(value, str):
        return None if _MARK in value else value
    if (found := attribute_of(value)) is not None:
        is_name = found[1] in {"EndpointName", "InferenceComponentName"}
        return f"{_MARK}{found[0]}" if is_name else None
    name = function_of(value)
    if name == "Fn::Join" and is_list(value[name]):
        delimiter, *others = value[name]
        parts = others[0] if len(others) == 1 else None
        if not isinstance(delimiter, str) or not is_list(parts):
            return None
        texts = [_plain(each) for each in parts]
        return None if None in texts else delimiter.join(str(each) for each in texts)
    if name == "Fn::Sub" and isinstance(value[name], str):
        return _substituted(value[name])
    return None


def _substituted(text: str) -> str | None:
    parts = VARIABLE.split(text)
    for index in range(1, len(parts), 2):
        found = _plain({"Fn::Sub": f"${{{parts[index]}}}"}) if "." in parts[index] else None
        if found is None:
            return None
        parts[index] = found
    return None if "${" in (joined := "".join(parts)) else joined


class ScalingConversion:
    """Conversion of scalable targets and of their policies."""

    def __init__(self, conversion: Conversion) -> None:
        """Create a conversion with a converter of values."""
        self._to = conversion

    def target(self, members: Members, resource: str, reasons: Expression | None) -> Call:
        """Return the call of ``auto_scale``.

        Args:
            members: Members of the scalable target.
            resource: Source text of the scaled resource.
            reasons: Reasons for which findings may stay, by rule id.

        Raises:
            NotTypedError: The capacities are not known.
        """
        lowest = [members.value("MinCapacity"), *_minimums(members.value("ScheduledActions"))]
        can_be_zero = any(not isinstance(each, int) or each == 0 for each in lowest)
        for name in ("ResourceId", "ScalableDimension", "ServiceNamespace"):
            members.left.pop(name, None)
        return call(
            f"{resource}.auto_scale",
            members.require("MinCapacity", self._to.number),
            members.require("MaxCapacity", self._to.number),
            # Otherwise the construct would add a policy that scales from zero.
            scale_from_zero=Atom("False") if can_be_zero else None,
            acknowledge=reasons,
        )

    def schedules(self, members: Members, target: str) -> list[Call]:
        """Return the calls of ``scale_on_schedule``; none if an action has another form."""
        value = members.value("ScheduledActions")
        if value is None:
            return []
        try:
            found = [self._schedule(Members(each), target) for each in objects_of(value)]
        except NotTypedError:
            return []
        names = [str(each.arguments[0][1]) for each in found]
        if len(set(names)) != len(names):
            return []
        del members.left["ScheduledActions"]
        return found

    def _schedule(self, members: Members, target: str) -> Call:
        to = self._to
        name = members.require("ScheduledActionName", to.text)
        schedule = members.require("Schedule", to.text)
        action = members.left.pop("ScalableTargetAction", None)
        if not is_mapping(action):
            raise NotTypedError("the capacities are missing or not literals")
        fields: Fields = {
            "MinCapacity": ("min_capacity", to.number),
            "MaxCapacity": ("max_capacity", to.number),
        }
        inner = Members(action)
        capacities = inner.arguments(fields)
        zone = members.take("Timezone", to.text)
        if members.left or inner.left:
            raise NotTypedError("the action has a member without counterpart")
        return call(f"{target}.scale_on_schedule", name, schedule, **capacities, time_zone=zone)

    def policy(self, members: Members, target: str, reasons: Expression | None) -> tuple[str, Call]:
        """Return the method of a policy and its call.

        Args:
            members: Members of the policy.
            target: Source text of its scalable target.
            reasons: Reasons for which findings may stay, by rule id.

        Raises:
            NotTypedError: No method creates such a policy.
        """
        to, left = self._to, members.left
        name = "TargetTrackingScalingPolicyConfiguration"
        if left.pop("PolicyType", None) != "TargetTrackingScaling" or not is_mapping(
            left.get(name)
        ):
            raise NotTypedError("only target tracking is converted")
        inner = Members(left.pop(name))
        metric = inner.left.pop("PredefinedMetricSpecification", None)
        kind = metric.get("PredefinedMetricType") if is_mapping(metric) else None
        if not is_mapping(metric) or set(metric) != {"PredefinedMetricType"}:
            raise NotTypedError("only predefined metrics are converted")
        if not isinstance(kind, str) or kind not in PREDEFINED:
            raise NotTypedError("the metric is unknown")
        for member in ("ScalingTargetId", "ResourceId", "ScalableDimension", "ServiceNamespace"):
            left.pop(member, None)
        found = call(
            f"{target}.{PREDEFINED[kind]}",
            inner.require("TargetValue", to.number),
            scale_in_cooldown=inner.take("ScaleInCooldown", to.seconds),
            scale_out_cooldown=inner.take("ScaleOutCooldown", to.seconds),
            disable_scale_in=inner.take("DisableScaleIn", to.flag),
            policy_name=members.take("PolicyName", to.text),
            acknowledge=reasons,
        )
        members.include(inner, (name,))
        return PREDEFINED[kind], found


def _minimums(actions: Any) -> Sequence[Any]:  # noqa: ANN401 - JSON
    """Return the minimum capacities of scheduled actions, as far as they are given."""
    found: list[Any] = []
    for each in items_of(actions):
        action = each.get("ScalableTargetAction") if is_mapping(each) else None
        if is_mapping(action) and "MinCapacity" in action:
            found.append(action["MinCapacity"])
    return found
