"""Rules on deployment policies of inference components."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import (
    ComponentCapacitySize,
    ComponentCapacitySizeType,
    ComponentDeploymentConfig,
    ComponentRollingUpdatePolicy,
    ComponentRuntimeConfig,
    InferenceComponentSpec,
    Path,
)
from cdk_epc.spec.unresolved import is_integer

_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
_ROLLING: Final = f"{_API}API_InferenceComponentRollingUpdatePolicy.html"
_GUIDE: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html"
)
_POLICY_PATH: Final[Path] = ("deployment_config", "rolling_update_policy")
_ABOUT: Final = (InferenceComponentSpec,)
# Minimum and maximum of each size in percent of the copies.
_SHARES: Final[dict[str, tuple[int, int]]] = {
    "maximum_batch_size": (5, 50),
    "rollback_maximum_batch_size": (1, 100),
}
# SageMaker limits a batch to 50 percent of the copies.
_BATCHES: Final = 2


def _policy(spec: InferenceComponentSpec) -> ComponentRollingUpdatePolicy | None:
    config = spec.deployment_config
    policy = config.rolling_update_policy if isinstance(config, ComponentDeploymentConfig) else None
    return policy if isinstance(policy, ComponentRollingUpdatePolicy) else None


def _sizes(spec: InferenceComponentSpec) -> Iterator[tuple[str, ComponentCapacitySize]]:
    policy = _policy(spec)
    for name in _SHARES:
        if isinstance(size := getattr(policy, name, None), ComponentCapacitySize):
            yield name, size


def _percentage(size: object) -> int | None:
    """Return the percentage of a size; ``None`` if it is not a known percentage."""
    if (
        isinstance(size, ComponentCapacitySize)
        and size.type == ComponentCapacitySizeType.CAPACITY_PERCENT
        and is_integer(size.value)
        and size.value >= 1  # `value-out-of-range` reports smaller ones
    ):
        return size.value
    return None


@rule(
    id="component-batch-out-of-range",
    title="A batch of a component update must be within its range in percent",
    why="SageMaker limits a batch to 5 to 50 percent of the copies, and a rollback batch to 100. "
    "CloudFormation's schema checks only the minimum.",
    fix="Choose a size within the range.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROLLING,
    about=_ABOUT,
    requires=("deployment_config",),
)
def component_batch_out_of_range(spec: InferenceComponentSpec) -> Iterator[Violation]:
    for name, size in _sizes(spec):
        (low, high), percentage = _SHARES[name], _percentage(size)
        if percentage is not None and not low <= percentage <= high:
            yield Violation(
                path=(*_POLICY_PATH, name, "value"),
                got=percentage,
                must=f"be from {low} to {high} percent",
                fix=f"Choose a value from {low} to {high}.",
            )


@rule(
    id="component-batch-too-large",
    title="A batch of a component update should not exceed half of the copies",
    why="SageMaker refuses a batch of more than 50 percent of the copies. The rule compares with "
    "the copy count, because the number of copies at the time of the update is not known.",
    fix="Lower the number, or give the size in percent.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROLLING,
    about=_ABOUT,
    requires=("deployment_config",),
    severity=Severity.WARNING,
)
def component_batch_too_large(spec: InferenceComponentSpec) -> Iterator[Violation]:
    runtime, policy = spec.runtime_config, _policy(spec)
    copies = runtime.copy_count if isinstance(runtime, ComponentRuntimeConfig) else None
    size = policy.maximum_batch_size if policy is not None else None
    if not is_integer(copies) or not isinstance(size, ComponentCapacitySize):
        return
    value = size.value
    if (
        size.type == ComponentCapacitySizeType.COPY_COUNT
        and is_integer(value)
        and value > 1  # a single copy can only be updated as a whole
        and value * _BATCHES > copies
    ):
        started = "1 copy" if copies == 1 else f"{copies} copies"
        yield Violation(
            path=(*_POLICY_PATH, "maximum_batch_size", "value"),
            got=value,
            must=f"be at most {max(1, copies // _BATCHES)} because a batch is limited to half of "
            f"the copies, and the component starts with {started}",
            fix="Lower it, or start with more copies.",
        )


@rule(
    id="component-update-timeout-too-short",
    title="The timeout of a component update should exceed its waits",
    why="The update times out while it waits, and SageMaker rolls it back.",
    fix="Raise MaximumExecutionTimeoutInSeconds above the sum of all waits.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROLLING,
    about=_ABOUT,
    requires=("deployment_config",),
    severity=Severity.WARNING,
)
def component_update_timeout_too_short(spec: InferenceComponentSpec) -> Iterator[Violation]:
    policy, waits = _policy(spec), _waits(spec)
    timeout = policy.maximum_execution_timeout_in_seconds if policy is not None else None
    if is_integer(timeout) and timeout <= waits:
        yield Violation(
            path=(*_POLICY_PATH, "maximum_execution_timeout_in_seconds"),
            got=timeout,
            must=f"exceed the waits, which add up to {waits} seconds",
            fix="Raise it, or shorten the waits.",
        )


def _waits(spec: InferenceComponentSpec) -> int:
    """Return the minimum of seconds that an update waits between its batches."""
    policy = _policy(spec)
    wait = policy.wait_interval_in_seconds if policy is not None else None
    if policy is None or not is_integer(wait):
        return 0
    percentage = _percentage(policy.maximum_batch_size)
    waits = math.ceil(100 / percentage) - 1 if percentage is not None else 1
    return max(wait, 0) * max(1, waits)


@rule(
    id="component-update-without-alarms",
    title="A component update with waits should have rollback alarms",
    why="Without alarms, SageMaker rolls back nothing during the waits, and they only delay the "
    "update.",
    fix="Name the alarms in AutoRollbackConfiguration, or remove the wait.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    about=_ABOUT,
    requires=("deployment_config",),
    severity=Severity.WARNING,
)
def component_update_without_alarms(spec: InferenceComponentSpec) -> Iterator[Violation]:
    config = spec.deployment_config
    if (
        isinstance(config, ComponentDeploymentConfig)
        and config.auto_rollback_configuration is None
        and _waits(spec) > 0
    ):
        yield Violation(
            path=("deployment_config", "auto_rollback_configuration"),
            required="because without alarms the wait only delays the update",
            fix="Name the alarms that monitor the component, or remove the wait.",
            python_fix="Pass rollback_alarms, or remove the wait.",
        )


RULES: Final = (
    component_batch_out_of_range,
    component_batch_too_large,
    component_update_timeout_too_short,
)
PEDANTIC: Final = (component_update_without_alarms,)
"""Rules of the pack `pedantic`."""
