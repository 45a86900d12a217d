"""Rules of updates of an endpoint to another configuration, which gets a new fleet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.rules.finding import shown
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import Path, ProductionVariant
from cdk_epc.spec.endpoint import retains_counts
from cdk_epc.spec.scaling import ScalableDimension
from cdk_epc.spec.unresolved import is_integer, is_resolved, is_string, items_of
from cdk_epc.spec.updates import FleetUpdate, ScaledVariant

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_SCALING: Final = f"{_GUIDE}endpoint-scaling-update.html"
_SERVERLESS: Final = f"{_GUIDE}serverless-endpoints-update.html"
_ASYNC: Final = f"{_GUIDE}async-inference-update-endpoint.html"
_ASYNC_REFUSED: Final = "https://github.com/aws/sagemaker-python-sdk/issues/3124"
_UPDATE: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html"
_BEHAVIOUR: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "using-cfn-updating-stacks-update-behaviors.html"
)
_VARIANTS: Final = "production_variants"
_TWICE: Final = (
    "Deploy twice: first without the scalable target and with unchanged retained properties, then "
    "with the {change} and the scalable target. The variant does not scale in between."
)
_SECOND_ENDPOINT: Final = (
    "Deploy the new configuration with a second endpoint under another construct id, move the "
    "callers, then remove the first endpoint."
)


def _counted(subject: FleetUpdate) -> Iterator[tuple[str, ScaledVariant]]:
    """Yield the variants whose number of instances is scaled, with their names."""
    for name, scaled in subject.scaled.items():
        if scaled.target.dimension in {None, ScalableDimension.INSTANCES}:
            yield name, scaled


def _of(name: str) -> str:
    return f"variant {shown(name)}"


def _names(subject: FleetUpdate) -> list[str] | None:
    """Return the names of the new variants; ``None`` if one is unresolved."""
    given = items_of(subject.new.production_variants)
    names = [
        each.variant_name for _, each in subject.new.production() if is_string(each.variant_name)
    ]
    return names if names and len(names) == len(given) else None


@rule(
    id="scaled-type-changed",
    title="The instance type of a scaled variant must not change in one deployment",
    why="SageMaker refuses to change the instance type of a variant that is registered as a "
    "scalable target. CloudFormation updates the endpoint before it removes a target, so that "
    "removing the target in the same deployment does not help.",
    fix="Remove the scaling in one deployment, and change the type and add the scaling in the "
    "next.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SCALING,
    about=(FleetUpdate,),
)
def scaled_type_changed(subject: FleetUpdate) -> Iterator[Violation]:
    for name, scaled in _counted(subject):
        before = scaled.variant.instance_type
        after = scaled.changed.instance_type if scaled.changed is not None else None
        if is_string(before) and is_string(after) and before != after:
            yield Violation(
                path=(_VARIANTS, scaled.index or 0, "instance_type"),
                got=after,
                sentence=f"`instance_type` of {_of(name)} changes from {shown(before)} to "
                f"{shown(after)} while {scaled.target.logical_id} scales the variant",
                fix=_TWICE.format(change="new type"),
            )


@rule(
    id="scaled-variant-removed",
    title="A scaled variant must not be removed or renamed in one deployment",
    why="SageMaker refuses to remove a variant that is registered as a scalable target. "
    "CloudFormation updates the endpoint before it removes a target.",
    fix="Remove the scaling in one deployment, and the variant in the next.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SCALING,
    about=(FleetUpdate,),
)
def scaled_variant_removed(subject: FleetUpdate) -> Iterator[Violation]:
    if (names := _names(subject)) is None:
        return
    for name, scaled in _counted(subject):
        if name not in names:
            yield Violation(
                path=(_VARIANTS,),
                got=Words(", ".join(map(shown, names))),
                sentence=f"`production_variants` has no {_of(name)} any more, which "
                f"{scaled.target.logical_id} scales",
                fix=_TWICE.format(change="other variants"),
            )


@rule(
    id="scaled-pool-changed",
    title="The capacity of a scaled variant should not change its kind in one deployment",
    why="SageMaker refuses to change the instance type of a scaled variant. AWS does not document "
    "if it also refuses other instance pools, or a variant without provisioned concurrency.",
    fix="Remove the scaling in one deployment, and change the variant in the next.",
    evidence=Evidence.INFERRED,
    source_url=_SCALING,
    about=(FleetUpdate,),
    severity=Severity.WARNING,
)
def scaled_pool_changed(subject: FleetUpdate) -> Iterator[Violation]:
    for name, scaled in subject.scaled.items():
        before, after = scaled.variant, scaled.changed
        if after is None:
            continue
        path = (_VARIANTS, scaled.index or 0)
        if _pool_types(before) != _pool_types(after):
            yield Violation(
                path=(*path, "instance_pools"),
                got=Words("other instance types"),
                sentence=f"the types in `instance_pools` of {_of(name)} change while "
                f"{scaled.target.logical_id} scales the variant, which AWS does not document",
                fix=_TWICE.format(change="new pools"),
            )
        elif _provisioned(before) is not None and (
            after.serverless_config is not None and _provisioned(after) is None
        ):
            yield Violation(
                path=(*path, "serverless_config"),
                sentence=f"`provisioned_concurrency` of {_of(name)} is removed while "
                f"{scaled.target.logical_id} scales it, which AWS does not document",
                fix=_TWICE.format(change="new capacity"),
            )


def _pool_types(variant: ProductionVariant) -> tuple[Any, ...]:
    return tuple(getattr(each, "instance_type", None) for each in items_of(variant.instance_pools))


def _provisioned(variant: ProductionVariant) -> Any:  # noqa: ANN401 - a value of any type
    return getattr(variant.serverless_config, "provisioned_concurrency", None)


def _pairs(subject: FleetUpdate) -> Iterator[tuple[Path, ProductionVariant, ProductionVariant]]:
    """Yield the variants of the same name, with the path of the new one."""
    old = {
        each.variant_name: each
        for _, each in subject.old.production()
        if is_string(each.variant_name)
    }
    for path, variant in subject.new.production():
        if is_string(variant.variant_name) and variant.variant_name in old:
            yield path, old[variant.variant_name], variant


def _is_serverless(subject: FleetUpdate) -> tuple[bool | None, bool | None]:
    """Return whether the old and the new configuration have only serverless variants."""
    found: list[bool | None] = []
    for config in (subject.old, subject.new):
        kinds = {each.serverless_config is not None for _, each in config.production()}
        found.append(kinds.pop() if len(kinds) == 1 else None)
    return found[0], found[1]


@rule(
    id="endpoint-made-serverless",
    title="An endpoint with instances must not become serverless",
    why="SageMaker does not support an update from instances to serverless inference.",
    fix="Deploy a second endpoint, move the callers, and remove the first one.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SERVERLESS,
    about=(FleetUpdate,),
)
def endpoint_made_serverless(subject: FleetUpdate) -> Iterator[Violation]:
    if _is_serverless(subject) == (False, True):
        yield Violation(
            path=(_VARIANTS, 0, "serverless_config"),
            got=Words("a serverless variant"),
            not_allowed="in an update of an endpoint with instances",
            fix=_SECOND_ENDPOINT,
        )


@rule(
    id="async-removed",
    title="An asynchronous endpoint must stay asynchronous",
    why="SageMaker refuses an update that removes AsyncInferenceConfig.",
    fix="Deploy a second endpoint, move the callers, and remove the first one.",
    evidence=Evidence.REAL_ERROR,
    source_url=_ASYNC_REFUSED,
    about=(FleetUpdate,),
)
def async_removed(subject: FleetUpdate) -> Iterator[Violation]:
    if (
        is_resolved(subject.old.async_inference_config)
        and subject.new.async_inference_config is None
    ):
        yield Violation(
            path=("async_inference_config",),
            sentence="`async_inference_config` is removed, which SageMaker refuses for an "
            "existing endpoint",
            fix=f"{_SECOND_ENDPOINT} Wait until ApproximateBacklogSize is 0 before the removal.",
        )


@rule(
    id="async-added",
    title="A real-time endpoint should not become asynchronous",
    why="AWS does not document if an endpoint can become asynchronous. The reverse update is "
    "refused, so that this one is likely to be refused as well, and cannot be undone.",
    fix="Deploy a second endpoint, move the callers, and remove the first one.",
    evidence=Evidence.INFERRED,
    source_url=_ASYNC,
    about=(FleetUpdate,),
    severity=Severity.WARNING,
)
def async_added(subject: FleetUpdate) -> Iterator[Violation]:
    if (
        subject.old.async_inference_config is None
        and is_resolved(subject.new.async_inference_config)
        and _is_serverless(subject)[0] is False
    ):
        yield Violation(
            path=("async_inference_config",),
            got=Words("asynchronous inference"),
            sentence="`async_inference_config` is added to an existing endpoint, which AWS does "
            "not document as possible",
            fix=_SECOND_ENDPOINT,
        )


@rule(
    id="serverless-removed",
    title="A serverless endpoint should stay serverless",
    why="AWS documents neither that an update from serverless inference to instances works nor "
    "that it is refused.",
    fix="Deploy a second endpoint, move the callers, and remove the first one.",
    evidence=Evidence.INFERRED,
    source_url=_SERVERLESS,
    about=(FleetUpdate,),
    severity=Severity.WARNING,
)
def serverless_removed(subject: FleetUpdate) -> Iterator[Violation]:
    if _is_serverless(subject) == (True, False):
        yield Violation(
            path=(_VARIANTS, 0, "instance_type"),
            got=Words("instances"),
            sentence="a serverless endpoint gets instances, which AWS does not document as "
            "possible",
            fix=_SECOND_ENDPOINT,
        )


@rule(
    id="live-count-reset",
    title="An update should keep the instance count that auto scaling has set",
    why="Without RetainAllVariantProperties, the new fleet starts with InitialInstanceCount "
    "instances, under any load, and auto scaling has to scale out again.",
    fix="Set RetainAllVariantProperties to true.",
    evidence=Evidence.DOCUMENTED,
    source_url=_UPDATE,
    about=(FleetUpdate,),
    severity=Severity.WARNING,
)
def live_count_reset(subject: FleetUpdate) -> Iterator[Violation]:
    if retains_counts(subject.endpoint) is not False:
        return
    counted = dict(_counted(subject))
    removed = {*_removed_with_retention(subject)}
    for path, _, variant in _pairs(subject):
        name, count = str(variant.variant_name), variant.initial_instance_count
        live = subject.live.get(name)
        if not is_integer(count) or name in removed:
            continue
        if live is not None and live.count is not None:
            if live.count != count:
                yield _reset(path, name, count, f"from {live.count}")
        elif name in counted:
            minimum = counted[name].target.min_capacity
            bound = f" (its minimum capacity is {minimum})" if minimum is not None else ""
            yield _reset(path, name, count, f"from the number that auto scaling has set{bound}")


def _removed_with_retention(subject: FleetUpdate) -> Iterator[str]:
    """Yield the variants that lose their scalable target together with the retention."""
    if retains_counts(subject.old_endpoint) is True and retains_counts(subject.endpoint) is False:
        names = {variant.variant_name for _, _, variant in _pairs(subject)}
        for name, _ in _counted(subject):
            if name in names and name not in subject.stays_scaled:
                yield name


def _reset(path: Path, name: str, count: int, before: str) -> Violation:
    instances = "1 instance" if count == 1 else f"{count} instances"
    return Violation(
        path=(*path, "initial_instance_count"),
        got=count,
        sentence=f"the update sets {_of(name)} to {instances} {before}",
        fix="Set RetainAllVariantProperties of the endpoint to true, and exclude DesiredWeight if "
        "the weights of the configuration are to apply.",
        python_fix="Pass retain=RetainedProperties.instance_counts() to the endpoint.",
    )


@rule(
    id="initial-count-ignored",
    title="A new initial instance count should have an effect",
    why="With RetainAllVariantProperties, an update keeps the number of running instances and "
    "ignores InitialInstanceCount, but still deploys a new fleet.",
    fix="Exclude DesiredInstanceCount for one deployment.",
    evidence=Evidence.DOCUMENTED,
    source_url=_UPDATE,
    about=(FleetUpdate,),
    severity=Severity.WARNING,
)
def initial_count_ignored(subject: FleetUpdate) -> Iterator[Violation]:
    if retains_counts(subject.endpoint) is not True:
        return
    for path, old, new in _pairs(subject):
        before, after = old.initial_instance_count, new.initial_instance_count
        if is_integer(before) and is_integer(after) and before != after:
            yield Violation(
                path=(*path, "initial_instance_count"),
                got=after,
                sentence=f"`initial_instance_count` of {_of(str(new.variant_name))} changes from "
                f"{before} to {after}, but the endpoint retains the running count",
                fix="Exclude DesiredInstanceCount in ExcludeRetainedVariantProperties for one "
                "deployment.",
                python_fix="Pass retain=RetainedProperties.weights() to the endpoint for one "
                "deployment.",
            )


@rule(
    id="scaled-concurrency-reset",
    title="An update should keep the provisioned concurrency that auto scaling has set",
    why="No variant property retains the provisioned concurrency, so that the new configuration "
    "sets it to its own number.",
    fix="Set the number to the current one, or let the minimum of the scalable target correct it.",
    evidence=Evidence.INFERRED,
    source_url=_UPDATE,
    about=(FleetUpdate,),
    severity=Severity.WARNING,
)
def scaled_concurrency_reset(subject: FleetUpdate) -> Iterator[Violation]:
    for name, scaled in subject.scaled.items():
        if scaled.target.dimension != ScalableDimension.PROVISIONED_CONCURRENCY:
            continue
        number = _provisioned(scaled.changed) if scaled.changed is not None else None
        minimum = scaled.target.min_capacity
        if is_integer(number) and minimum is not None and number <= minimum:
            continue  # auto scaling corrects the number at once
        if is_integer(number):
            yield Violation(
                path=(_VARIANTS, scaled.index or 0, "serverless_config", "provisioned_concurrency"),
                got=number,
                sentence=f"the update sets the provisioned concurrency of {_of(name)} to {number}, "
                f"which {scaled.target.logical_id} scales",
                fix="Set `provisioned_concurrency` to the minimum capacity of the scalable target.",
            )


@rule(
    id="scaling-removed-with-retention",
    title="Auto scaling and the retention of its counts should not be removed together",
    why="The update sets the number of instances to InitialInstanceCount at the moment at which "
    "auto scaling ends.",
    fix="Keep RetainAllVariantProperties until the scaling is back or the count is set.",
    evidence=Evidence.INFERRED,
    source_url=_UPDATE,
    about=(FleetUpdate,),
    severity=Severity.WARNING,
)
def scaling_removed_with_retention(subject: FleetUpdate) -> Iterator[Violation]:
    for name in _removed_with_retention(subject):
        yield Violation(
            path=(_VARIANTS,),
            got=Words("variants"),
            sentence=f"the scaling of {_of(name)} and the retention of its instance count "
            "are removed together",
            fix="Keep RetainAllVariantProperties of the endpoint in this deployment, and "
            "acknowledge `retained-count-ignored` until the scaling is back.",
            python_fix="Pass retain=RetainedProperties.instance_counts() to the endpoint in this "
            "deployment, and acknowledge `retained-count-ignored` until the scaling is back.",
        )


@rule(
    id="defaults-only-changed",
    title="A configuration should not be replaced because of explicit defaults",
    why="CloudFormation replaces the configuration although SageMaker would use the same values, "
    "and the endpoint gets a new fleet.",
    fix="Make the change together with another change of the configuration.",
    evidence=Evidence.DOCUMENTED,
    source_url=_BEHAVIOUR,
    about=(FleetUpdate,),
    severity=Severity.WARNING,
)
def defaults_only_changed(subject: FleetUpdate) -> Iterator[Violation]:
    if subject.has_only_default_changes:
        yield Violation(
            path=(_VARIANTS,),
            got=Words("defaults"),
            sentence="the configuration is replaced, and the endpoint gets a new fleet, "
            "although only explicit defaults are added or removed",
            fix="Leave the defaults as they were until another change replaces the configuration.",
        )


RULES: Final = (
    scaled_type_changed,
    scaled_variant_removed,
    scaled_pool_changed,
    endpoint_made_serverless,
    async_removed,
    async_added,
    serverless_removed,
    live_count_reset,
    initial_count_ignored,
    scaled_concurrency_reset,
    scaling_removed_with_retention,
    defaults_only_changed,
)
