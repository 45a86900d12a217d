"""Rules of deployment policies: how an endpoint is updated."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    BlueGreenUpdatePolicy,
    CapacitySize,
    CapacitySizeType,
    DeploymentConfig,
    EndpointSpec,
    Path,
    RollingUpdatePolicy,
    TrafficRoutingConfiguration,
    TrafficRoutingType,
)
from cdk_epc.spec.unresolved import is_integer, is_resolved, items_of

_REFERENCE: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
_CONFIG: Final = f"{_REFERENCE}API_DeploymentConfig.html"
_ROUTING: Final = f"{_REFERENCE}API_TrafficRoutingConfig.html"
_BLUE_GREEN: Final = f"{_REFERENCE}API_BlueGreenUpdatePolicy.html"
_GUIDE: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html"
)
_CONFIG_PATH: Final[Path] = ("deployment_config",)
_BLUE_GREEN_PATH: Final[Path] = (*_CONFIG_PATH, "blue_green_update_policy")
_ROUTING_PATH: Final[Path] = (*_BLUE_GREEN_PATH, "traffic_routing_configuration")
_ROLLING_PATH: Final[Path] = (*_CONFIG_PATH, "rolling_update_policy")

# Which size belongs to which way of moving the traffic.
_SIZE_OF: Final = {
    TrafficRoutingType.CANARY: "canary_size",
    TrafficRoutingType.LINEAR: "linear_step_size",
}
# The shares of a fleet, in percent, that each size may be.
SHARES: Final[dict[str, tuple[int, int]]] = {
    "canary_size": (1, 50),
    "linear_step_size": (10, 50),
    "maximum_batch_size": (5, 50),
    "rollback_maximum_batch_size": (1, 100),
}


def blue_green(spec: EndpointSpec) -> BlueGreenUpdatePolicy | None:
    """The blue/green policy of an endpoint, if it has one that is known."""
    config = spec.deployment_config
    policy = config.blue_green_update_policy if isinstance(config, DeploymentConfig) else None
    return policy if isinstance(policy, BlueGreenUpdatePolicy) else None


def rolling(spec: EndpointSpec) -> RollingUpdatePolicy | None:
    """The rolling policy of an endpoint, if it has one that is known."""
    config = spec.deployment_config
    policy = config.rolling_update_policy if isinstance(config, DeploymentConfig) else None
    return policy if isinstance(policy, RollingUpdatePolicy) else None


def _routing(spec: EndpointSpec) -> TrafficRoutingConfiguration | None:
    policy = blue_green(spec)
    routing = policy.traffic_routing_configuration if policy else None
    return routing if isinstance(routing, TrafficRoutingConfiguration) else None


def sizes(spec: EndpointSpec) -> Iterator[tuple[Path, str, CapacitySize]]:
    """Every size in the deployment policies, with its place and its name."""
    for path, owner in ((_ROUTING_PATH, _routing(spec)), (_ROLLING_PATH, rolling(spec))):
        for name in SHARES:
            size = getattr(owner, name, None)
            if isinstance(size, CapacitySize):
                yield (*path, name), name, size


@rule(
    id="deployment-policies-several",
    title="A deployment is either blue/green or rolling",
    why="The API's reference: only one update policy should be used.",
    fix="Keep BlueGreenUpdatePolicy or RollingUpdatePolicy.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONFIG,
    about=(EndpointSpec,),
    facts=("DEP.ONE_POLICY",),
)
def deployment_policies_several(spec: EndpointSpec) -> Iterator[Violation]:
    if blue_green(spec) and rolling(spec):
        yield Violation(
            path=_ROLLING_PATH,
            got=Words("a rolling policy beside a blue/green one"),
            must="be one update policy",
            fix="Keep one of the two.",
        )


@rule(
    id="deployment-step-size-mismatch",
    title="A deployment has the step size of its type and no other",
    why="A canary or linear deployment without a size says not how much traffic to move, and "
    "a size of another type has no effect.",
    fix="Give CanarySize with CANARY, LinearStepSize with LINEAR, and neither with ALL_AT_ONCE.",
    evidence=Evidence.INFERRED,
    source_url=_ROUTING,
    about=(EndpointSpec,),
    severity=Severity.WARNING,
    facts=("DEP.CANARY_SIZE",),
)
def deployment_step_size_mismatch(spec: EndpointSpec) -> Iterator[Violation]:
    routing = _routing(spec)
    if routing is None or routing.type not in tuple(TrafficRoutingType):
        return
    for kind, name in _SIZE_OF.items():
        size, path = getattr(routing, name), (*_ROUTING_PATH, name)
        if routing.type == kind and size is None:
            yield Violation(
                path=path,
                got=None,
                must=f"be a size because the type is {kind}",
                fix="Say how large a step is, in instances or in percent.",
            )
        elif routing.type != kind and is_resolved(size):
            yield Violation(
                path=path,
                got=Words("a size"),
                not_allowed=f"because the type is {routing.type}",
                fix=f"Take it out, or take the type {kind}.",
            )


@rule(
    id="deployment-step-out-of-range",
    title="The steps of a deployment have a share of the fleet that SageMaker takes",
    why="A canary has at most 50 percent, a linear step 10 to 50, a rolling batch 5 to 50, and "
    "a rollback at most 100. The schema only knows the least number.",
    fix="Give a share within these bounds.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROUTING,
    about=(EndpointSpec,),
    facts=("DEP.CANARY_50", "DEP.LINEAR_10_50", "DEP.ROLLING_5_50", "DEP.ROLLBACK_100"),
)
def deployment_step_out_of_range(spec: EndpointSpec) -> Iterator[Violation]:
    for path, name, size in sizes(spec):
        low, high = SHARES[name]
        value = size.value
        if (
            _is_percent(size)
            and is_integer(value)
            and value >= 1  # less is a finding of the bounds
            and not low <= value <= high
        ):
            yield Violation(
                path=(*path, "value"),
                got=value,
                must=f"be {low} to {high} percent",
                fix=f"Give a share from {low} to {high}.",
            )


@rule(
    id="deployment-timeout-too-short",
    title="A deployment has more time than it waits",
    why="It would run out of time while it does what it was told, and roll back.",
    fix="Raise MaximumExecutionTimeoutInSeconds above the sum of all waits.",
    evidence=Evidence.DOCUMENTED,
    source_url=_BLUE_GREEN,
    about=(EndpointSpec,),
    severity=Severity.WARNING,
    facts=("DEP.TIMEOUT_GT_WAIT",),
)
def deployment_timeout_too_short(spec: EndpointSpec) -> Iterator[Violation]:
    for path, policy, waits in _waits(spec):
        most = policy.maximum_execution_timeout_in_seconds
        if is_integer(most) and most <= waits:
            yield Violation(
                path=(*path, "maximum_execution_timeout_in_seconds"),
                got=most,
                must=f"be more than the waits, which are {waits} seconds",
                fix="Raise it, or shorten the waits.",
            )


def _waits(
    spec: EndpointSpec,
) -> Iterator[tuple[Path, BlueGreenUpdatePolicy | RollingUpdatePolicy, int]]:
    """Each policy with the seconds that it waits at least."""
    if policy := blue_green(spec):
        waits = _seconds(policy.termination_wait_in_seconds)
        if routing := _routing(spec):
            waits += _seconds(routing.wait_interval_in_seconds) * _waits_between(routing)
        yield _BLUE_GREEN_PATH, policy, waits
    if batches := rolling(spec):
        waits = _seconds(batches.wait_interval_in_seconds) * _turns(batches.maximum_batch_size)
        yield _ROLLING_PATH, batches, waits


def _seconds(wait: object) -> int:
    return max(wait, 0) if is_integer(wait) else 0


def _waits_between(routing: TrafficRoutingConfiguration) -> int:
    """How often a blue/green deployment waits between its steps, at least."""
    if routing.type == TrafficRoutingType.CANARY:
        return 1
    return _turns(routing.linear_step_size) if routing.type == TrafficRoutingType.LINEAR else 0


def _turns(size: object) -> int:
    """The waits between steps of this size, at least: no step is more than half of the fleet."""
    share = size.value if isinstance(size, CapacitySize) and _is_percent(size) else None
    return max(1, math.ceil(100 / share) - 1) if is_integer(share) and share >= 1 else 1


def _is_percent(size: CapacitySize) -> bool:
    return size.type == CapacitySizeType.CAPACITY_PERCENT


@rule(
    id="deployment-without-alarms",
    title="A deployment that waits has alarms to wait for",
    why="Without alarms nothing is rolled back, and the waits only delay the deployment.",
    fix="Name the alarms in AutoRollbackConfiguration, or take the waits out.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    about=(EndpointSpec,),
    severity=Severity.WARNING,
    facts=("DEP.ALARMS_RECOMMENDED",),
)
def deployment_without_alarms(spec: EndpointSpec) -> Iterator[Violation]:
    config = spec.deployment_config
    if not isinstance(config, DeploymentConfig) or config.auto_rollback_configuration is not None:
        return
    if any(waits > 0 for _, _, waits in _waits(spec)):
        yield Violation(
            path=(*_CONFIG_PATH, "auto_rollback_configuration"),
            got=None,
            must="be alarms because the deployment waits to see whether one goes off",
            fix="Name the alarms that watch the endpoint, or take the waits out.",
        )


@rule(
    id="retained-exclusions-ignored",
    title="Exceptions from what is retained stand beside RetainAllVariantProperties",
    why="They only count where it is true; otherwise every property is taken from the "
    "configuration anyway.",
    fix="Set RetainAllVariantProperties to true, or take the exceptions out.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}API_UpdateEndpoint.html",
    about=(EndpointSpec,),
    severity=Severity.WARNING,
)
def retained_exclusions_ignored(spec: EndpointSpec) -> Iterator[Violation]:
    retain = spec.retain_all_variant_properties
    if (retain is None or retain is False) and items_of(spec.exclude_retained_variant_properties):
        yield Violation(
            path=("exclude_retained_variant_properties",),
            got=Words("exceptions"),
            not_allowed="because nothing is retained that they could be excepted from",
            fix="Set RetainAllVariantProperties to true, or take the exceptions out.",
        )


RULES: Final = (
    deployment_policies_several,
    deployment_step_size_mismatch,
    deployment_step_out_of_range,
    deployment_timeout_too_short,
    deployment_without_alarms,
    retained_exclusions_ignored,
)
