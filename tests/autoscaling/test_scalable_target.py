"""Variants that scale: side by side, with tokens, with what is told at synth."""

from __future__ import annotations

from typing import Any

import attrs
import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from kit.cdk import new_stack, template_of
from kit.scaling import (
    component,
    hosting_components,
    on_instances,
    queue_depth,
    queued,
    real_time,
    scaled,
    warm,
)

from cdk_epc import (
    Cron,
    Endpoint,
    EndpointConfig,
    EndpointConfigError,
    InstancePool,
    InstanceType,
    InstanceVariant,
    ManagedInstanceScaling,
    ScalableVariant,
)

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
ALARM = "AWS::CloudWatch::Alarm"


def of_type(stack: cdk.Stack, type_: str) -> list[dict[str, Any]]:
    resources = template_of(stack)["Resources"].values()
    return [each["Properties"] for each in resources if each["Type"] == type_]


def tracked(stack: cdk.Stack) -> dict[str, Any]:
    """What the only policy of a stack tracks."""
    (policy,) = of_type(stack, POLICY)
    return dict(policy["TargetTrackingScalingPolicyConfiguration"])


def told_at_synth(construct: Any) -> list[str]:
    return [each.rule_id for each in construct.findings_at_synth()]


@pytest.mark.parametrize(
    "instance_type",
    [
        "ml.trn1.2xlarge",
        "ml.trn1n.32xlarge",
        "ml.trn2.48xlarge",
        "ml.tx1.large",
    ],
)
def test_what_only_begins_like_a_burstable_type_scales(instance_type: str) -> None:
    """CDK's alpha construct refuses ml.trn1 and its kin."""
    stack = new_stack()
    scaled(stack, on_instances(instance_type=InstanceType.of(instance_type)))
    assert [each["MaxCapacity"] for each in of_type(stack, TARGET)] == [4]


def test_a_target_is_positional_or_by_name() -> None:
    first, second = new_stack(), new_stack()
    real_time(first).variant("main").auto_scale(1, 4)
    real_time(second).variant("main").auto_scale(max_capacity=4, min_capacity=1)
    assert template_of(first) == template_of(second)


def test_the_handle_of_the_configuration_scales_as_well() -> None:
    first, second = new_stack(), new_stack()
    real_time(first).variant("main").auto_scale(1, 4)
    endpoint = real_time(second)
    assert endpoint.config is not None
    endpoint.config.variants[0].auto_scale(1, 4)
    assert template_of(first) == template_of(second)


def test_one_configuration_on_two_endpoints_scales_on_both() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config", production_variants=[on_instances()])
    for name in ("Blue", "Green"):
        endpoint = Endpoint(stack, name, endpoint_config=config)
        endpoint.variant("main").auto_scale(1, 4).scale_on_invocations(600)
    assert len(of_type(stack, TARGET)) == 2
    names = {each["PolicyName"] for each in of_type(stack, POLICY)}
    assert names == {
        "Stack-Blue-mainScaling-Invocations",
        "Stack-Green-mainScaling-Invocations",
    }


def test_variants_whose_names_differ_in_a_hyphen_scale_side_by_side() -> None:
    stack = new_stack()
    endpoint = real_time(stack, on_instances("a-b"), on_instances("ab"))
    for variant in endpoint.variants:
        variant.auto_scale(1, 4)
    assert len(of_type(stack, TARGET)) == 2


def test_a_refused_call_leaves_the_way_free() -> None:
    stack = new_stack()
    variant = real_time(stack).variant("main")
    with pytest.raises(EndpointConfigError):
        variant.auto_scale(0, 4)
    scaling = variant.auto_scale(1, 4)
    with pytest.raises(EndpointConfigError):
        scaling.scale_on_invocations(0)
    scaling.scale_on_invocations(600)
    assert [policy.spec.policy_type for policy in scaling.policies] == ["TargetTrackingScaling"]
    assert told_at_synth(scaling) == []


def test_tokens_are_not_judged() -> None:
    stack = new_stack()
    least = cdk.CfnParameter(stack, "Least", type="Number").value_as_number
    most = cdk.CfnParameter(stack, "Most", type="Number").value_as_number
    scaling = real_time(stack).variant("main").auto_scale(int(least), int(most))
    policy = scaling.scale_on_invocations(max_requests_per_second=least)
    scaling.scale_on_cpu_utilization(least)
    scaling.scale_on_schedule("day", Cron(hour=8), min_capacity=int(least))
    assert told_at_synth(scaling) == told_at_synth(policy) == []
    (target,) = of_type(stack, TARGET)
    assert (target["MinCapacity"], target["MaxCapacity"]) == ({"Ref": "Least"}, {"Ref": "Most"})


def test_a_variant_whose_name_is_a_token_scales() -> None:
    stack = new_stack()
    name = cdk.CfnParameter(stack, "Name").value_as_string
    endpoint = real_time(stack, on_instances(name))
    endpoint.variants[0].auto_scale(1, 4)
    (target,) = of_type(stack, TARGET)
    assert target["ResourceId"] == {
        "Fn::Join": [
            "",
            [
                "endpoint/",
                {"Fn::GetAtt": ["EndpointEEF1FD8F", "EndpointName"]},
                "/variant/",
                {"Ref": "Name"},
            ],
        ]
    }


def test_where_no_queue_waits_nothing_wakes_up() -> None:
    stack = new_stack()
    scaling = queued(stack).auto_scale(1, 4)
    scaling.scale_on_backlog(5)
    assert scaling.scale_from_zero_policy is None
    assert of_type(stack, ALARM) == []


def test_a_wake_up_is_there_once_and_can_be_asked_for() -> None:
    stack = new_stack()
    scaling = queued(stack).auto_scale(1, 4, scale_from_zero=True)
    scaling.scale_on_backlog(5)
    scaling.scale_on_schedule("night", Cron(hour=20), min_capacity=0)
    assert scaling.scale_from_zero_policy is not None
    assert scaling.scale_from_zero_policy.alarm is not None
    assert len(of_type(stack, ALARM)) == 1


def test_what_scales_can_be_asked_of_what_is_scaled() -> None:
    stack = new_stack()
    endpoint = real_time(stack)
    assert endpoint.variant("main").scaling is None
    scaling = endpoint.variant("main").auto_scale(1, 4)
    assert endpoint.variant("main").scaling is scaling
    copies = component(new_stack())
    assert copies.scaling is None
    scaled_copies = copies.auto_scale(1, 4)
    assert copies.scaling is scaled_copies


def test_where_the_kind_is_a_token_there_may_be_a_queue() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config", production_variants=[on_instances()])
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    unknown: Any = cdk.Lazy.any(_Nothing())
    config._state.spec = attrs.evolve(config.spec, async_inference_config=unknown)
    scaling = endpoint.variant("main").auto_scale(0, 4)
    scaling.scale_on_backlog(5)
    scaling.scale_on_invocations(600)
    assert scaling.scale_from_zero_policy is not None
    assert told_at_synth(scaling) == []


@jsii.implements(cdk.IStableAnyProducer)
class _Nothing:
    """Produces nothing; nobody asks it."""

    def produce(self) -> None:
        """Nothing."""


def test_a_schedule_down_to_zero_brings_a_wake_up() -> None:
    scaling = queued(new_stack()).auto_scale(1, 4)
    scaling.scale_on_schedule("closed", Cron(hour=20), min_capacity=0, max_capacity=0)
    assert scaling.scale_from_zero_policy is None  # nobody is to wake it up before the next schedule
    scaling.scale_on_schedule("night", Cron(hour=22), min_capacity=0)
    assert scaling.scale_from_zero_policy is not None


def test_without_its_wake_up_an_endpoint_at_zero_is_told_of() -> None:
    scaling = queued(new_stack()).auto_scale(0, 4, scale_from_zero=False)
    scaling.scale_on_backlog(5)
    (finding,) = scaling.findings_at_synth()
    assert str(finding).splitlines()[0] == (
        "warning scaling-to-zero-without-step-policy: auto_scale().min_capacity is 0; allowed: 1 or more without "
        "a step policy that leaves 0: requests wait until there are more of them than a policy's "
        "target"
    )


def test_a_reason_leaves_a_finding_as_it_is() -> None:
    stack = new_stack()
    reason = {"scaling-to-zero-without-step-policy": "A schedule brings it back."}
    scaling = queued(stack).auto_scale(0, 4, scale_from_zero=False, acknowledge=reason)
    scaling.scale_on_backlog(5)
    assert told_at_synth(scaling) == []
    assert [each.acknowledged for each in scaling.acknowledged] == ["A schedule brings it back."]
    (target,) = (
        each for each in template_of(stack)["Resources"].values() if each["Type"] == TARGET
    )
    assert target["Metadata"] == {"cdk-epc": {"acknowledge": reason}}


def test_a_reason_lets_a_policy_through() -> None:
    stack = new_stack()
    reason = {"scaling-metric-unpublished": "Our account has it."}
    policy = queued(stack).auto_scale(1, 4).scale_on_invocations(600, acknowledge=reason)
    assert told_at_synth(policy) == []
    assert [each.rule_id for each in policy.acknowledged] == ["scaling-metric-unpublished"]
    assert tracked(stack)["TargetValue"] == 600


@pytest.mark.parametrize(
    ("scaling_of", "expected"),
    [
        (
            lambda stack: real_time(stack).variant("main").auto_scale(1, 4),
            ["scaling-policy-missing"],
        ),
        (
            lambda stack: real_time(stack).variant("main").auto_scale(2, 4),
            ["scaling-initial-count-outside", "scaling-policy-missing"],
        ),
        (
            lambda stack: warm(stack, 5).auto_scale(1, 4),
            ["scaling-initial-count-outside", "scaling-policy-missing"],
        ),
        (
            lambda stack: hosting_components(
                stack, ManagedInstanceScaling(min_instance_count=1, max_instance_count=4)
            ).auto_scale(1, 4),
            ["scaling-managed-variant", "scaling-policy-missing"],
        ),
        # That it begins with fewer copies is the component's to tell.
        (lambda stack: component(stack).auto_scale(2, 4), ["scaling-policy-missing"]),
        (lambda stack: component(stack).auto_scale(0, 4), []),
        (
            lambda stack: component(stack).auto_scale(0, 4, scale_from_zero=False),
            ["scaling-policy-missing", "scaling-to-zero-without-step-policy"],
        ),
    ],
)
def test_what_is_doubtful_is_told_at_synth(scaling_of: Any, expected: list[str]) -> None:
    assert told_at_synth(scaling_of(new_stack())) == expected


def test_pools_of_the_same_size_have_a_whole_machine() -> None:
    stack = new_stack()
    pools = [
        InstancePool(InstanceType.ML_M5_XLARGE, priority=1),
        InstancePool(InstanceType.ML_M6I_XLARGE, priority=2),
    ]
    variant = InstanceVariant(
        "main", model="fraud-7", instance_type=pools, initial_instance_count=1
    )
    scaled(stack, variant).scale_on_cpu_utilization(50)
    assert tracked(stack)["TargetValue"] == 200


def test_a_share_that_cannot_be_exceeded_is_told_of() -> None:
    policy = scaled(new_stack()).scale_on_cpu_utilization(100)
    (finding,) = policy.findings_at_synth()
    assert str(finding).splitlines()[0] == (
        "warning scaling-target-unreachable: scale_on_cpu_utilization().percent, times 4, is 400; "
        "allowed: less than 400, the most that CPUUtilization can be"
    )


def test_percent_of_a_share_is_told_of() -> None:
    """The utilization of provisioned concurrency is 0 to 1."""
    policy = warm(new_stack()).auto_scale(1, 20).scale_on_provisioned_concurrency_utilization(50)
    assert told_at_synth(policy) == ["scaling-target-unreachable"]


@pytest.mark.parametrize(
    ("namespace", "name", "statistic", "expected"),
    [
        ("AWS/SageMaker", "InvocationsPerInstance", "Average", "scaling-statistic-unsuitable"),
        ("AWS/SageMaker", "InvocationsPerInstance", "Sum", None),
        ("AWS/SageMaker", "ModelLatency", "p99", None),
        ("/aws/sagemaker/Endpoints", "MemoryUtilization", "Average", None),
        ("AWS/SageMaker", "SomethingNew", "Average", None),
    ],
)
def test_a_metric_of_the_endpoint_itself_is_judged(
    namespace: str, name: str, statistic: str, expected: str | None
) -> None:
    scaling = scaled(new_stack())
    dimensions = {"EndpointName": scaling.variant.endpoint.endpoint_name, "VariantName": "main"}
    metric = cloudwatch.Metric(
        namespace=namespace, metric_name=name, dimensions_map=dimensions, statistic=statistic
    )
    policy = scaling.scale_on_metric("own", metric, 50)
    assert told_at_synth(policy) == ([] if expected is None else [expected])


def test_a_metric_of_its_own_that_is_not_published_is_refused() -> None:
    scaling = queued(new_stack()).auto_scale(1, 4)
    dimensions = {"EndpointName": scaling.variant.endpoint.name_in_metrics, "VariantName": "main"}
    metric = cloudwatch.Metric(
        namespace="AWS/SageMaker", metric_name="Invocations", dimensions_map=dimensions
    )
    with pytest.raises(EndpointConfigError, match="scaling-metric-unpublished"):
        scaling.scale_on_metric("own", metric, 50)


def test_a_metric_of_another_endpoint_is_not_judged() -> None:
    """A queue in front of two endpoints may scale both."""
    scaling = scaled(new_stack())
    metric = cloudwatch.Metric(
        namespace="AWS/SageMaker",
        metric_name="ApproximateBacklogSize",
        dimensions_map={"EndpointName": "another"},
    )
    assert told_at_synth(scaling.scale_on_metric("other", metric, 50)) == []


@pytest.mark.parametrize(("region", "is_refused"), [("us-east-1", True), ("eu-west-1", False)])
def test_a_metric_of_another_region_is_refused(region: str, *, is_refused: bool) -> None:
    app = cdk.App()
    stack = cdk.Stack(app, "Stack", env=cdk.Environment(region="eu-west-1"))
    scaling = scaled(stack)
    if not is_refused:
        scaling.scale_on_metric("depth", queue_depth(region=region), 5)
        return
    with pytest.raises(EndpointConfigError) as refused:
        scaling.scale_on_metric("depth", queue_depth(region=region), 5)
    (finding,) = refused.value.findings
    assert finding.message == (
        'scale_on_metric("depth").metric: a metric of region us-east-1; allowed: one of the '
        "stack's own region, eu-west-1"
    )


def test_the_result_of_an_expression_has_an_id_of_its_own() -> None:
    stack = new_stack()
    metric = cloudwatch.MathExpression(
        expression="result * 2", using_metrics={"result": queue_depth()}
    )
    scaled(stack).scale_on_metric("double", metric, 5)
    queries = tracked(stack)["CustomizedMetricSpecification"]["Metrics"]
    assert [(each["Id"], each["ReturnData"]) for each in queries] == [
        ("result", False),
        ("result_", True),
    ]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (Cron(), "cron(0 * * * ? *)"),
        (Cron(hour=8, minute=30), "cron(30 8 * * ? *)"),
        (Cron(hour=8, day=1), "cron(0 8 1 * ? *)"),
        (Cron(hour="8,20", week_day="MON-FRI"), "cron(0 8,20 ? * MON-FRI *)"),
        (Cron(hour=0, day=1, month="JAN", year=2031), "cron(0 0 1 JAN ? 2031)"),
        ("rate(1 hour)", "rate(1 hour)"),
    ],
)
def test_a_schedule_is_written_as_the_service_reads_it(schedule: Any, expected: str) -> None:
    stack = new_stack()
    scaled(stack).scale_on_schedule("day", schedule, min_capacity=2)
    (target,) = of_type(stack, TARGET)
    assert [each["Schedule"] for each in target["ScheduledActions"]] == [expected]


def test_cdk_s_own_schedule_without_a_minute_is_told_of() -> None:
    from aws_cdk.aws_applicationautoscaling import Schedule

    scaling = scaled(new_stack())
    scaling.scale_on_schedule("day", Schedule.cron(hour="8"), min_capacity=2)
    (finding,) = scaling.findings_at_synth()
    assert str(finding).splitlines()[0] == (
        'warning schedule-every-minute: scale_on_schedule("day").schedule is '
        "'cron(* 8 * * ? *)'; allowed: a minute, for * is each minute of the hour"
    )


def test_steps_that_only_take_away_have_one_alarm() -> None:
    stack = new_stack()
    (policy,) = scaled(stack).scale_on_steps("depth", queue_depth(), {10: -1})
    assert policy.alarm is not None
    (alarm,) = of_type(stack, ALARM)
    assert alarm["ComparisonOperator"] == "LessThanOrEqualToThreshold"


def test_a_time_zone_has_a_name() -> None:
    stack = new_stack()
    scaled(stack).scale_on_schedule(
        "day", Cron(hour=8), min_capacity=2, time_zone="America/New_York"
    )
    (target,) = of_type(stack, TARGET)
    assert [each["Timezone"] for each in target["ScheduledActions"]] == ["America/New_York"]


def test_scaling_keeps_the_counts_at_updates() -> None:
    stack = new_stack()
    real_time(stack).variant("main").auto_scale(1, 4)
    (endpoint,) = of_type(stack, "AWS::SageMaker::Endpoint")
    assert endpoint["RetainAllVariantProperties"] is True


def test_ids_that_others_refer_to() -> None:
    stack = new_stack()
    scaling: ScalableVariant = scaled(stack)
    policy = scaling.scale_on_invocations(600)
    assert stack.resolve(scaling.scalable_target_id) == {"Ref": "EndpointmainScaling89A74E31"}
    assert stack.resolve(policy.policy_arn) == {"Ref": "EndpointmainScalingInvocationsADBC9F35"}
    assert scaling.node.default_child is not None
    assert policy.node.default_child is not None
