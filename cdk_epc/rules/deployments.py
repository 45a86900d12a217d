"""Rules on deployment policies of endpoints."""

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
from cdk_epc.spec.unresolved import is_integer, is_resolved, is_string, is_unresolved, items_of

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

# Each type of traffic routing has a step size of its own.
_SIZE_OF: Final = {
    TrafficRoutingType.CANARY: "canary_size",
    TrafficRoutingType.LINEAR: "linear_step_size",
}
# Minimum and maximum of each size in percent of the fleet.
SHARES: Final[dict[str, tuple[int, int]]] = {
    "canary_size": (1, 50),
    "linear_step_size": (10, 50),
    "maximum_batch_size": (5, 50),
    "rollback_maximum_batch_size": (1, 100),
}


def blue_green(spec: EndpointSpec) -> BlueGreenUpdatePolicy | None:
    """Return the blue/green policy of an endpoint, if it has one that is known."""
    config = spec.deployment_config
    policy = config.blue_green_update_policy if isinstance(config, DeploymentConfig) else None
    return policy if isinstance(policy, BlueGreenUpdatePolicy) else None


def rolling(spec: EndpointSpec) -> RollingUpdatePolicy | None:
    """Return the rolling policy of an endpoint, if it has one that is known."""
    config = spec.deployment_config
    policy = config.rolling_update_policy if isinstance(config, DeploymentConfig) else None
    return policy if isinstance(policy, RollingUpdatePolicy) else None


def _routing(spec: EndpointSpec) -> TrafficRoutingConfiguration | None:
    policy = blue_green(spec)
    routing = policy.traffic_routing_configuration if policy else None
    return routing if isinstance(routing, TrafficRoutingConfiguration) else None


def sizes(spec: EndpointSpec) -> Iterator[tuple[Path, str, CapacitySize]]:
    """Yield every size in the deployment policies with its path and its member name."""
    for path, owner in ((_ROUTING_PATH, _routing(spec)), (_ROLLING_PATH, rolling(spec))):
        for name in SHARES:
            size = getattr(owner, name, None)
            if isinstance(size, CapacitySize):
                yield (*path, name), name, size


@rule(
    id="deployment-policies-several",
    title="A deployment must have either a blue/green or a rolling policy",
    why="The API reference allows only one update policy.",
    fix="Remove BlueGreenUpdatePolicy or RollingUpdatePolicy.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CONFIG,
    about=(EndpointSpec,),
    requires=("deployment_config",),
    facts=("DEP.ONE_POLICY",),
)
def deployment_policies_several(spec: EndpointSpec) -> Iterator[Violation]:
    if blue_green(spec) and rolling(spec):
        yield Violation(
            path=_ROLLING_PATH,
            got=Words("a rolling policy"),
            not_allowed="together with `blue_green_update_policy`",
            fix="Remove one of the two policies.",
        )


@rule(
    id="deployment-step-size-mismatch",
    title="A deployment should have the step size of its type and no other",
    why="A canary or linear deployment without its size does not define how much traffic to move. "
    "A size of another type has no effect.",
    fix="Set CanarySize with CANARY, LinearStepSize with LINEAR, and neither with ALL_AT_ONCE.",
    evidence=Evidence.INFERRED,
    source_url=_ROUTING,
    about=(EndpointSpec,),
    requires=("deployment_config",),
    severity=Severity.WARNING,
    facts=("DEP.CANARY_SIZE",),
)
def deployment_step_size_mismatch(spec: EndpointSpec) -> Iterator[Violation]:
    routing = _routing(spec)
    if routing is None or routing.type not in tuple(TrafficRoutingType):
        return
    for type_, name in _SIZE_OF.items():
        size, path = getattr(routing, name), (*_ROUTING_PATH, name)
        if routing.type == type_ and size is None:
            yield Violation(
                path=path,
                required=f"because the type is {type_}",
                fix=f"Set `{name}` in instances or in percent.",
            )
        elif routing.type != type_ and is_resolved(size):
            yield Violation(
                path=path,
                got=Words("a size"),
                not_allowed=f"because the type is {routing.type}",
                fix=f"Remove `{name}`, or change the type to {type_}.",
            )


@rule(
    id="deployment-step-out-of-range",
    title="A step of a deployment must be within its range in percent",
    why="SageMaker limits a canary to 50 percent of the fleet, a linear step to 10 to 50, a "
    "rolling batch to 5 to 50 and a rollback batch to 100. CloudFormation's schema checks only "
    "the minimum.",
    fix="Choose a size within the range.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROUTING,
    about=(EndpointSpec,),
    requires=("deployment_config",),
    facts=("DEP.CANARY_50", "DEP.LINEAR_10_50", "DEP.ROLLING_5_50", "DEP.ROLLBACK_100"),
)
def deployment_step_out_of_range(spec: EndpointSpec) -> Iterator[Violation]:
    for path, name, size in sizes(spec):
        low, high = SHARES[name]
        value = size.value
        if (
            _is_percent(size)
            and is_integer(value)
            and value >= 1  # `value-out-of-range` reports smaller ones
            and not low <= value <= high
        ):
            yield Violation(
                path=(*path, "value"),
                got=value,
                must=f"be from {low} to {high} percent",
                fix=f"Choose a value from {low} to {high}.",
            )


@rule(
    id="deployment-wait-missing",
    title="A canary or linear deployment must have a wait between its steps",
    why="The API requires WaitIntervalInSeconds, although CloudFormation's schema does not.",
    fix="Set WaitIntervalInSeconds.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROUTING,
    about=(EndpointSpec,),
    requires=("deployment_config",),
)
def deployment_wait_missing(spec: EndpointSpec) -> Iterator[Violation]:
    routing = _routing(spec)
    # AWS's example of ALL_AT_ONCE, which has one step only, has no wait.
    if (
        routing
        and is_string(routing.type)
        and routing.type in _SIZE_OF
        and routing.wait_interval_in_seconds is None
    ):
        yield Violation(
            path=(*_ROUTING_PATH, "wait_interval_in_seconds"),
            required=f"because the type is {routing.type}",
            fix="Set `wait_interval_in_seconds`, for example to 300.",
        )


@rule(
    id="deployment-timeout-too-short",
    title="The timeout of a deployment should exceed its waits",
    why="The deployment times out while it waits, and SageMaker rolls it back.",
    fix="Raise MaximumExecutionTimeoutInSeconds above the sum of all waits.",
    evidence=Evidence.DOCUMENTED,
    source_url=_BLUE_GREEN,
    about=(EndpointSpec,),
    requires=("deployment_config",),
    severity=Severity.WARNING,
    facts=("DEP.TIMEOUT_GT_WAIT",),
)
def deployment_timeout_too_short(spec: EndpointSpec) -> Iterator[Violation]:
    for path, policy, waits in _waits(spec):
        timeout = policy.maximum_execution_timeout_in_seconds
        if is_integer(timeout) and timeout <= waits:
            yield Violation(
                path=(*path, "maximum_execution_timeout_in_seconds"),
                got=timeout,
                must=f"exceed the waits, which add up to {waits} seconds",
                fix="Raise it, or shorten the waits.",
            )


def _waits(
    spec: EndpointSpec,
) -> Iterator[tuple[Path, BlueGreenUpdatePolicy | RollingUpdatePolicy, int]]:
    """Yield each policy with its path and the minimum of seconds that it waits."""
    if policy := blue_green(spec):
        waits = _seconds(policy.termination_wait_in_seconds)
        if routing := _routing(spec):
            waits += _seconds(routing.wait_interval_in_seconds) * _routing_waits(routing)
        yield _BLUE_GREEN_PATH, policy, waits
    if batches := rolling(spec):
        waits = _seconds(batches.wait_interval_in_seconds) * _size_waits(batches.maximum_batch_size)
        yield _ROLLING_PATH, batches, waits


def _seconds(wait: object) -> int:
    return max(wait, 0) if is_integer(wait) else 0


def _routing_waits(routing: TrafficRoutingConfiguration) -> int:
    """Return the minimum number of waits between the steps of a blue/green deployment."""
    if routing.type == TrafficRoutingType.CANARY:
        return 1
    is_linear = routing.type == TrafficRoutingType.LINEAR
    return _size_waits(routing.linear_step_size) if is_linear else 0


def _size_waits(size: object) -> int:
    """Return the minimum number of waits between steps of a size.

    A step is at most half of the fleet, so there is at least one wait.
    """
    share = size.value if isinstance(size, CapacitySize) and _is_percent(size) else None
    return max(1, math.ceil(100 / share) - 1) if is_integer(share) and share >= 1 else 1


def _is_percent(size: CapacitySize) -> bool:
    return size.type == CapacitySizeType.CAPACITY_PERCENT


@rule(
    id="deployment-without-alarms",
    title="A deployment with waits should have rollback alarms",
    why="Without alarms, SageMaker rolls back nothing during the waits, and they only delay the "
    "deployment.",
    fix="Name the alarms in AutoRollbackConfiguration, or remove the waits.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    about=(EndpointSpec,),
    requires=("deployment_config",),
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
            required="because without alarms the waits only delay the deployment",
            fix="Name the alarms that monitor the endpoint, or remove the waits.",
            python_fix="Pass rollback_alarms, or remove the waits.",
        )


@rule(
    id="rollback-alarms-without-wait",
    title="A deployment with rollback alarms should wait for them",
    why="SageMaker evaluates the alarms while it waits with the new fleet in use. Without a wait, "
    "the old fleet is terminated before an alarm has a datapoint of the new one.",
    fix="Set a wait between the steps, or before the old fleet is terminated.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    about=(EndpointSpec,),
    requires=("deployment_config",),
    severity=Severity.WARNING,
)
def rollback_alarms_without_wait(spec: EndpointSpec) -> Iterator[Violation]:
    config = spec.deployment_config
    if not isinstance(config, DeploymentConfig):
        return
    alarms = getattr(config.auto_rollback_configuration, "alarms", None)
    if items_of(alarms) and not _may_wait(config):
        yield Violation(
            path=_CONFIG_PATH,
            got=Words("alarms without a wait"),
            sentence="the deployment has rollback alarms, but no wait in which they can trigger a "
            "rollback",
            fix="Set `wait_interval_in_seconds` or `termination_wait_in_seconds` to at least the "
            "time that an alarm needs.",
            python_fix="Set wait or termination_wait of the deployment to at least the time that "
            "an alarm needs.",
        )


def _may_wait(config: DeploymentConfig) -> bool:
    """Return whether the deployment waits, or may wait because a value is unresolved."""
    batches, policy = config.rolling_update_policy, config.blue_green_update_policy
    routing = getattr(policy, "traffic_routing_configuration", None)
    waits = (
        getattr(batches, "wait_interval_in_seconds", None),
        getattr(routing, "wait_interval_in_seconds", None),
        getattr(policy, "termination_wait_in_seconds", None),
    )
    is_known = not any(map(is_unresolved, (batches, policy, routing)))
    return not is_known or any(wait is not None and wait != 0 for wait in waits)


RULES: Final = (
    deployment_policies_several,
    deployment_step_size_mismatch,
    deployment_step_out_of_range,
    deployment_wait_missing,
    deployment_timeout_too_short,
    rollback_alarms_without_wait,
)
PEDANTIC: Final = (deployment_without_alarms,)
"""Rules of the pack `pedantic`."""
