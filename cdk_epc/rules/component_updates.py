"""Rules of how an inference component is updated, and of its copies."""

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
# The shares of the copies, in percent, that each size may be.
_SHARES: Final[dict[str, tuple[int, int]]] = {
    "maximum_batch_size": (5, 50),
    "rollback_maximum_batch_size": (1, 100),
}
_PARTS: Final = 2  # a batch is at most one of so many


def _policy(spec: InferenceComponentSpec) -> ComponentRollingUpdatePolicy | None:
    config = spec.deployment_config
    policy = config.rolling_update_policy if isinstance(config, ComponentDeploymentConfig) else None
    return policy if isinstance(policy, ComponentRollingUpdatePolicy) else None


def _sizes(spec: InferenceComponentSpec) -> Iterator[tuple[str, ComponentCapacitySize]]:
    policy = _policy(spec)
    for name in _SHARES:
        if isinstance(size := getattr(policy, name, None), ComponentCapacitySize):
            yield name, size


def _share(size: object) -> int | None:
    """The percentage of a size, if it is one that is known."""
    if (
        isinstance(size, ComponentCapacitySize)
        and size.type == ComponentCapacitySizeType.CAPACITY_PERCENT
        and is_integer(size.value)
        and size.value >= 1  # less is a finding of the bounds
    ):
        return size.value
    return None


@rule(
    id="component-batch-out-of-range",
    title="The batches of a component's update have a share that SageMaker takes",
    why="A batch has 5 to 50 percent of the copies, and a rollback at most 100. The schema "
    "only knows the least number.",
    fix="Give a share within these bounds.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROLLING,
    about=_ABOUT,
)
def component_batch_out_of_range(spec: InferenceComponentSpec) -> Iterator[Violation]:
    for name, size in _sizes(spec):
        (low, high), share = _SHARES[name], _share(size)
        if share is not None and not low <= share <= high:
            yield Violation(
                path=(*_POLICY_PATH, name, "value"),
                got=share,
                must=f"be {low} to {high} percent",
                fix=f"Give a share from {low} to {high}.",
            )


@rule(
    id="component-batch-too-large",
    title="A batch of a component's update is at most half of the copies",
    why="SageMaker wants no batch above 50 percent of the copies. Whether there are more of "
    "them by then cannot be seen.",
    fix="Lower the number, or give the share in percent.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROLLING,
    about=_ABOUT,
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
        and value > 1  # of a single copy there is no half
        and value * _PARTS > copies
    ):
        yield Violation(
            path=(*_POLICY_PATH, "maximum_batch_size", "value"),
            got=value,
            must=f"be at most {max(1, copies // _PARTS)} of {copies} because a batch is no more than "
            "half of the copies",
            fix="Lower it, or begin with more copies.",
        )


@rule(
    id="component-update-timeout-too-short",
    title="An update of a component has more time than it waits",
    why="It would run out of time while it does what it was told, and roll back.",
    fix="Raise MaximumExecutionTimeoutInSeconds above the sum of all waits.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROLLING,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def component_update_timeout_too_short(spec: InferenceComponentSpec) -> Iterator[Violation]:
    policy, waits = _policy(spec), _waits(spec)
    most = policy.maximum_execution_timeout_in_seconds if policy is not None else None
    if is_integer(most) and most <= waits:
        yield Violation(
            path=(*_POLICY_PATH, "maximum_execution_timeout_in_seconds"),
            got=most,
            must=f"be more than the waits, which are {waits} seconds",
            fix="Raise it, or shorten the waits.",
        )


def _waits(spec: InferenceComponentSpec) -> int:
    """The seconds that an update waits between its batches, at least."""
    policy = _policy(spec)
    wait = policy.wait_interval_in_seconds if policy is not None else None
    if policy is None or not is_integer(wait):
        return 0
    share = _share(policy.maximum_batch_size)
    turns = math.ceil(100 / share) - 1 if share is not None else 1
    return max(wait, 0) * max(1, turns)


@rule(
    id="component-update-without-alarms",
    title="An update of a component that waits has alarms to wait for",
    why="Without alarms nothing is rolled back, and the waits only delay the update.",
    fix="Name the alarms in AutoRollbackConfiguration, or take the wait out.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    about=_ABOUT,
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
            got=None,
            must="be alarms because the deployment waits to see whether one goes off",
            fix="Name the alarms that watch the component, or take the wait out.",
        )


RULES: Final = (
    component_batch_out_of_range,
    component_batch_too_large,
    component_update_timeout_too_short,
    component_update_without_alarms,
)
