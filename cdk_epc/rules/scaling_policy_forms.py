"""Rules of the form of scaling policies: type, target, metric specification and metric math."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.rules._tracked_metrics import CUSTOMIZED, tracking_of
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import Path
from cdk_epc.spec.context import ScalingPolicyContext
from cdk_epc.spec.fields import Spec
from cdk_epc.spec.kept import kept
from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    MetricQuery,
    PolicyType,
    PredefinedMetricSpecification,
    ScalingPolicySpec,
    TargetTrackingConfiguration,
)
from cdk_epc.spec.unresolved import Unresolved, is_resolved, is_set, is_string, items_of
from cdk_epc.spec.wire import to_json

_API: Final = "https://docs.aws.amazon.com/autoscaling/application/APIReference/"
_POLICY: Final = f"{_API}API_PutScalingPolicy.html"
_TRACKING: Final = f"{_API}API_TargetTrackingScalingPolicyConfiguration.html"
_CUSTOM: Final = f"{_API}API_CustomizedMetricSpecification.html"
_QUERY: Final = f"{_API}API_TargetTrackingMetricDataQuery.html"
_PREDEFINED: Final = f"{_API}API_PredefinedMetricSpecification.html"
_QUOTAS: Final = (
    "https://docs.aws.amazon.com/autoscaling/application/userguide/"
    "application-auto-scaling-quotas.html"
)
_POLICY_RESOURCE: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-applicationautoscaling-scalingpolicy.html"
)
_ABOUT: Final = (ScalingPolicyContext,)
_BLOCKS: Final = {
    PolicyType.TARGET_TRACKING.value: "target_tracking_scaling_policy_configuration",
    PolicyType.STEP.value: "step_scaling_policy_configuration",
    PolicyType.PREDICTIVE.value: "predictive_scaling_policy_configuration",
}
_SINGLE_METRIC: Final = ("metric_name", "namespace", "statistic", "dimensions", "unit")
_ID: Final = re.compile(r"[a-z][A-Za-z0-9_]*", re.ASCII)
_MAX_POLICIES: Final = 50
"""Quota of policies of one target, which AWS does not raise."""


@rule(
    id="scaling-policy-type-mismatch",
    title="A scaling policy must have the configuration of its type, and no other",
    why="Application Auto Scaling refuses the policy: You must only provide a single scaling "
    "policy configuration, which must match the scaling policy type specified.",
    fix="Keep only the configuration that the policy type names.",
    evidence=Evidence.REAL_ERROR,
    source_url=_POLICY,
    about=_ABOUT,
)
def scaling_policy_type_mismatch(subject: ScalingPolicyContext) -> Iterator[Violation]:
    type_ = subject.policy.policy_type
    if not is_string(type_) or type_ not in _BLOCKS or type_ == PolicyType.PREDICTIVE:
        return
    own = _BLOCKS[type_]
    if getattr(subject.policy, own) is None:
        yield Violation(
            path=(own,),
            required=f"because `policy_type` is {type_}",
            fix=f"Add `{own}`, or correct `policy_type`.",
        )
        return
    for name in _BLOCKS.values():
        if name != own and is_resolved(getattr(subject.policy, name)):
            yield Violation(
                path=(name,),
                got=Words("given"),
                sentence=f"`{name}` is not allowed because `policy_type` is {type_}",
                fix=f"Remove `{name}`; another policy may have it.",
            )


@rule(
    id="scaling-policy-predictive",
    title="A scaling policy of SageMaker must not be predictive",
    why="Predictive scaling supports Amazon ECS only. The deployment fails with the misleading "
    "message: Account is not authorized.",
    fix="Use target tracking, step scaling or scheduled actions.",
    evidence=Evidence.REAL_ERROR,
    source_url=_POLICY,
    about=_ABOUT,
)
def scaling_policy_predictive(subject: ScalingPolicyContext) -> Iterator[Violation]:
    if subject.policy.policy_type == PolicyType.PREDICTIVE:
        yield Violation(
            path=("policy_type",),
            got=PolicyType.PREDICTIVE.value,
            must="be TargetTrackingScaling or StepScaling because predictive scaling does not "
            "support SageMaker",
            fix="Use target tracking, or scheduled actions for a load that is known before.",
        )


@rule(
    id="scaling-policy-without-target",
    title="A scaling policy must name its scalable target",
    why="CloudFormation needs the scalable target, or all of resource id, dimension and namespace.",
    fix="Set ScalingTargetId to the Ref of the scalable target.",
    evidence=Evidence.DOCUMENTED,
    source_url=_POLICY_RESOURCE,
    about=_ABOUT,
    of_templates=True,
)
def scaling_policy_without_target(subject: ScalingPolicyContext) -> Iterator[Violation]:
    policy = subject.policy
    if policy.scaling_target_id is not None:
        return
    if policy.resource_id is None:
        yield Violation(
            path=("scaling_target_id",),
            required="because the policy has no `resource_id` either",
            fix="Set `scaling_target_id` to the Ref of the scalable target.",
        )
        return
    for name in ("scalable_dimension", "service_namespace"):
        if getattr(policy, name) is None:
            yield Violation(
                path=(name,),
                required="beside `resource_id`",
                fix=f"Add `{name}`, or use `scaling_target_id` instead of `resource_id`.",
            )


@rule(
    id="scaling-policy-target-repeated",
    title="A scaling policy should name its scalable target once",
    why="CloudFormation's schema allows either ScalingTargetId or ResourceId.",
    fix="Keep ScalingTargetId, which also makes the policy wait for its target.",
    evidence=Evidence.DOCUMENTED,
    source_url=_POLICY_RESOURCE,
    about=_ABOUT,
    severity=Severity.WARNING,
    of_templates=True,
)
def scaling_policy_target_repeated(subject: ScalingPolicyContext) -> Iterator[Violation]:
    policy = subject.policy
    if is_set(policy.scaling_target_id) and policy.resource_id is not None:
        yield Violation(
            path=("resource_id",),
            got=policy.resource_id,
            not_allowed="beside `scaling_target_id`",
            fix="Remove `resource_id`, `scalable_dimension` and `service_namespace`.",
        )


@rule(
    id="scaling-metric-not-single",
    title="A target tracking policy must have either a predefined or a customized metric",
    why="Application Auto Scaling refuses the policy: Only one of PredefinedMetricSpecification or "
    "CustomizedMetricSpecification can be set for target tracking scaling.",
    fix="Keep one of the two specifications.",
    evidence=Evidence.REAL_ERROR,
    source_url=_TRACKING,
    about=_ABOUT,
    requires=("target_tracking_scaling_policy_configuration",),
)
def scaling_metric_not_single(subject: ScalingPolicyContext) -> Iterator[Violation]:
    tracking = tracking_of(subject)
    if tracking is None:
        return
    predefined = tracking.predefined_metric_specification
    customized = tracking.customized_metric_specification
    if predefined is None and customized is None:
        yield Violation(
            path=(*CUSTOMIZED[:1], "predefined_metric_specification"),
            required="because the policy has no `customized_metric_specification` either",
            fix="Add one of the two specifications.",
        )
    elif is_resolved(predefined) and is_resolved(customized):
        yield Violation(
            path=CUSTOMIZED,
            got=Words("given"),
            sentence="the policy has both `predefined_metric_specification` and "
            "`customized_metric_specification`; must have one of them",
            fix="Remove one of them; another policy of the target may have it.",
        )


@rule(
    id="scaling-metric-with-resource-label",
    title="A predefined metric of SageMaker must not have a resource label",
    why="A resource label names the target group of ALBRequestCountPerTarget; the API allows it "
    "for no other metric.",
    fix="Remove the resource label.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PREDEFINED,
    about=_ABOUT,
    requires=("target_tracking_scaling_policy_configuration",),
)
def scaling_metric_with_resource_label(subject: ScalingPolicyContext) -> Iterator[Violation]:
    tracking = tracking_of(subject)
    given = tracking.predefined_metric_specification if tracking else None
    if not isinstance(given, PredefinedMetricSpecification):
        return
    if is_set(given.resource_label) and is_string(given.predefined_metric_type):
        yield Violation(
            path=(*CUSTOMIZED[:1], "predefined_metric_specification", "resource_label"),
            got=given.resource_label,
            not_allowed=f"for {given.predefined_metric_type}",
            fix="Remove `resource_label`.",
        )


def _customized(subject: ScalingPolicyContext) -> CustomizedMetricSpecification | None:
    tracking = tracking_of(subject)
    given = tracking.customized_metric_specification if tracking else None
    return given if isinstance(given, CustomizedMetricSpecification) else None


@rule(
    id="scaling-metric-form-wrong",
    title="A customized metric must be either one metric or a list of queries",
    why="Application Auto Scaling refuses the policy: The customized metric specification is not "
    "valid.",
    fix="Give the name, the namespace and the statistic of one metric, or queries.",
    evidence=Evidence.REAL_ERROR,
    source_url=_CUSTOM,
    about=_ABOUT,
    requires=("target_tracking_scaling_policy_configuration",),
)
def scaling_metric_form_wrong(subject: ScalingPolicyContext) -> Iterator[Violation]:
    customized = _customized(subject)
    if customized is None:
        return
    if customized.metrics is None:
        for name in ("metric_name", "namespace", "statistic"):
            if getattr(customized, name) is None:
                yield Violation(
                    path=(*CUSTOMIZED, name),
                    required="for a customized metric without `metrics`",
                    fix=f"Add `{name}`.",
                )
        return
    single = [name for name in _SINGLE_METRIC if is_set(getattr(customized, name))]
    if single and is_resolved(customized.metrics):
        yield Violation(
            path=(*CUSTOMIZED, single[0]),
            got=Words("given"),
            sentence=f"`{single[0]}` is not allowed beside `metrics`",
            fix="Remove " + ", ".join(f"`{name}`" for name in single) + ", or remove `metrics`.",
        )
    for path, query in _queries(customized):
        if query.expression is None and query.metric_stat is None:
            yield Violation(
                path=(*path, "metric_stat"),
                required="because the query has no `expression` either",
                fix="Add one of them.",
            )
        elif is_set(query.expression) and is_resolved(query.metric_stat):
            yield Violation(
                path=(*path, "expression"),
                got=query.expression,
                not_allowed="beside `metric_stat`",
                fix="Move one of them to another query.",
            )


def _queries(customized: CustomizedMetricSpecification) -> Iterator[tuple[Path, MetricQuery]]:
    for index, query in enumerate(items_of(customized.metrics)):
        if isinstance(query, MetricQuery):
            yield (*CUSTOMIZED, "metrics", index), query


def returned_queries(queries: tuple[Any, ...]) -> list[int] | None:
    """Return the indices of the queries that return data; ``None`` where one is unknown.

    A query without the member returns data.
    """
    # An unresolved query has no members.
    values = [getattr(each, "return_data", ...) for each in queries]
    if not all(value is None or isinstance(value, bool) for value in values):
        return None
    return [index for index, value in enumerate(values) if value is not False]


@rule(
    id="scaling-metric-math-wrong",
    title="Exactly one query of metric math must return data, and ids must be names",
    why="Application Auto Scaling tracks one time series; an expression refers to the other "
    "queries by their ids.",
    fix="Set ReturnData to false for all queries except the last expression.",
    evidence=Evidence.DOCUMENTED,
    source_url=_QUERY,
    about=_ABOUT,
    requires=("target_tracking_scaling_policy_configuration",),
)
def scaling_metric_math_wrong(subject: ScalingPolicyContext) -> Iterator[Violation]:
    customized = _customized(subject)
    if customized is None:
        return
    yield from wrong_ids(_queries(customized))
    queries = items_of(customized.metrics)
    returned = returned_queries(queries)
    if returned is None or len(returned) == 1:
        return
    if any(is_set(each.expression) for each in queries):
        yield Violation(
            path=(*CUSTOMIZED, "metrics"),
            got=Words(f"{len(returned)} queries that return data"),
            sentence=f"`metrics` has {len(returned) or 'no'} queries that return data; must have "
            "exactly one",
            fix="Set `return_data` to false for all queries except the expression to track.",
        )


def wrong_ids(queries: Iterator[tuple[Path, Any]]) -> Iterator[Violation]:
    """Yield a violation for each query whose id is malformed or that of an earlier query."""
    before: set[str] = set()
    for path, query in queries:
        if not is_string(query.id):
            continue
        if query.id and not _ID.fullmatch(query.id):
            yield Violation(
                path=(*path, "id"),
                got=query.id,
                must="begin with a lower-case letter and have only letters, digits and underscores",
                fix="Rename the query, also in the expressions that use it.",
            )
        elif query.id in before:
            yield Violation(
                path=(*path, "id"),
                got=query.id,
                must="differ from the ids of the other queries",
                fix="Rename the query, also in the expressions that use it.",
            )
        before.add(query.id)


@attrs.frozen(eq=False, repr=False)
class _PolicyIndex(Record):
    """Index of the policies of a target.

    Attributes:
        places: Place of each policy by its identity.
        by_name: Place of the first policy with a name.
        by_metric: Place of the first policy that tracks a metric.
    """

    places: dict[int, int] = attrs.Factory(dict[int, int])
    by_name: dict[str, int] = attrs.Factory(dict[str, int])
    by_metric: dict[str, int] = attrs.Factory(dict[str, int])


@kept
def _index_of(policies: tuple[ScalingPolicySpec, ...]) -> _PolicyIndex:
    index = _PolicyIndex()
    for place, policy in enumerate(policies):
        index.places.setdefault(id(policy), place)
        if isinstance(policy.policy_name, str):
            index.by_name.setdefault(policy.policy_name, place)
        if (metric := _identity(policy)) is not None:
            index.by_metric.setdefault(metric, place)
    return index


def _place_of(subject: ScalingPolicyContext) -> tuple[tuple[ScalingPolicySpec, ...], int]:
    """Return the policies of the target, and the place of this one among them."""
    policies = (subject.target.policies if subject.target else None) or ()
    return policies, _index_of(policies).places.get(id(subject.policy), len(policies))


def _identity(policy: Any) -> str | None:  # noqa: ANN401 - a policy of any type
    """Return the tracked metric as a text that equals that of the same metric."""
    tracking = policy.target_tracking_scaling_policy_configuration
    if not isinstance(tracking, TargetTrackingConfiguration):
        return None
    predefined = tracking.predefined_metric_specification
    customized = tracking.customized_metric_specification
    given = predefined if isinstance(predefined, Spec) else customized
    if not isinstance(given, Spec) or not to_json(given):
        return None
    return json.dumps(to_json(given), sort_keys=True, default=_expression)


def _expression(value: object) -> Any:  # noqa: ANN401 - JSON
    return value.expression if isinstance(value, Unresolved) else str(id(value))


@rule(
    id="scaling-metric-repeated",
    title="Two target tracking policies of a target must not track the same metric",
    why="Application Auto Scaling refuses the second policy: Only one TargetTrackingScaling policy "
    "for a given metric specification is allowed.",
    fix="Keep the policy with the right target value.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/hashicorp/terraform-provider-aws/issues/41179",
    about=_ABOUT,
    requires=("target_tracking_scaling_policy_configuration",),
)
def scaling_metric_repeated(subject: ScalingPolicyContext) -> Iterator[Violation]:
    policies, own = _place_of(subject)
    metric = _identity(subject.policy)
    first = own if metric is None else _index_of(policies).by_metric.get(metric, own)
    if first < own:
        twin = policies[first]
        name = f"policy {twin.policy_name!r}" if is_string(twin.policy_name) else "another policy"
        yield Violation(
            path=CUSTOMIZED[:1],
            got=Words("the metric of another policy"),
            sentence=f"the policy tracks the same metric as {name} of this target; must track "
            "another metric",
            fix="Keep the policy with the right target value.",
        )


@rule(
    id="scaling-policy-name-repeated",
    title="The policies of a target should have different names",
    why="The name identifies a policy, so the second one replaces the first.",
    fix="Give each policy a different name.",
    evidence=Evidence.INFERRED,
    source_url=_POLICY,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_policy_name_repeated(subject: ScalingPolicyContext) -> Iterator[Violation]:
    name = subject.policy.policy_name
    policies, own = _place_of(subject)
    if is_string(name) and _index_of(policies).by_name.get(name, own) < own:
        yield Violation(
            path=("policy_name",),
            got=name,
            must="differ from the names of the other policies of the target",
            fix="Give each policy a different name.",
        )


@rule(
    id="scaling-policies-too-many",
    title="A scalable target must have at most 50 policies",
    why="The quota counts step scaling and target tracking together, and AWS does not raise it.",
    fix="Remove policies.",
    evidence=Evidence.DOCUMENTED,
    source_url=_QUOTAS,
    about=_ABOUT,
)
def scaling_policies_too_many(subject: ScalingPolicyContext) -> Iterator[Violation]:
    if _place_of(subject)[1] == _MAX_POLICIES:
        yield Violation(
            path=(),
            got=Words(f"policy {_MAX_POLICIES + 1} of its target"),
            sentence=f"the policy is number {_MAX_POLICIES + 1} of its target; a target must have "
            f"at most {_MAX_POLICIES} policies",
            fix="Remove policies.",
        )


RULES: Final = (
    scaling_policy_type_mismatch,
    scaling_policy_predictive,
    scaling_policy_without_target,
    scaling_policy_target_repeated,
    scaling_metric_not_single,
    scaling_metric_with_resource_label,
    scaling_metric_form_wrong,
    scaling_metric_math_wrong,
    scaling_metric_repeated,
    scaling_policy_name_repeated,
    scaling_policies_too_many,
)
