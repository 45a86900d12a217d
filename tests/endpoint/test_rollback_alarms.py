"""Rollback alarms: generated names, permissions of the roles, and refused alarms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk.aws_sagemaker import CfnEndpoint
from kit.cdk import new_stack, template_of
from kit.endpoints import (
    config_of,
    endpoint_in,
    errors_of,
    on_instances,
    refused,
    statements_of,
    with_a_model,
)

from cdk_epc import (
    CapacitySize,
    Container,
    ContainerImage,
    Deployment,
    Endpoint,
    EndpointConfig,
    Model,
)

CANARY = Deployment.canary(CapacitySize.percent(25), cdk.Duration.minutes(10))
NAME = "Stack-Endpoint-7DC50680"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"


def endpoint(stack: cdk.Stack, config: EndpointConfig | None = None, **options: Any) -> Endpoint:
    return bare(stack, config, deployment=CANARY, **options)


def bare(stack: cdk.Stack, config: EndpointConfig | None = None, **options: Any) -> Endpoint:
    """Return an endpoint without a deployment policy."""
    return Endpoint(stack, "Endpoint", endpoint_config=config or config_of(stack), **options)


def name_of(it: Endpoint) -> str | None:
    """Return the current name of the endpoint."""
    return it.spec.endpoint_name


def alarm_names(template: dict[str, Any]) -> list[Any]:
    config = endpoint_in(template)["Properties"]["DeploymentConfig"]["AutoRollbackConfiguration"]
    return [each["AlarmName"] for each in config["Alarms"]]


def dimensions(template: dict[str, Any]) -> list[Any]:
    (alarm,) = (
        each for each in template["Resources"].values() if each["Type"] == "AWS::CloudWatch::Alarm"
    )
    return [each["Value"] for each in alarm["Properties"]["Dimensions"]]


def test_alarm_on_an_own_metric_has_a_literal_dimension() -> None:
    stack = new_stack()
    it = bare(stack)
    alarm = errors_of(it)  # older than the name
    assert name_of(it) is None
    it.roll_back_on(alarm)
    assert (name_of(it), stack.resolve(it.name_in_metrics)) == (NAME, NAME)
    template = template_of(stack)
    assert endpoint_in(template)["Properties"]["EndpointName"] == NAME
    assert dimensions(template) == [NAME, "main"]
    assert alarm_names(template) == [{"Ref": "ErrorsFA5270DE"}]


def test_later_alarm_has_the_same_dimension() -> None:
    stack = new_stack()
    it = endpoint(stack, rollback_alarms=["first"])
    it.roll_back_on(errors_of(it))
    assert dimensions(template_of(stack)) == [NAME, "main"]


def test_other_alarms_generate_no_name() -> None:
    stack = new_stack()
    it = bare(stack, rollback_alarms=["from-elsewhere"])
    errors_of(it)
    template = template_of(stack)
    assert "EndpointName" not in endpoint_in(template)["Properties"]
    assert dimensions(template) == [
        {"Fn::GetAtt": ["EndpointEEF1FD8F", "EndpointName"]},
        "main",
    ]


@pytest.mark.parametrize("alarms", [[], ["from-elsewhere"]])
def test_endpoint_with_a_deployment_has_a_name_from_the_start(alarms: list[str]) -> None:
    stack = new_stack()
    it = endpoint(stack)
    assert (name_of(it), it.name_in_metrics) == (NAME, NAME)
    it.roll_back_on(*alarms)  # those that come later do not replace the endpoint
    assert endpoint_in(template_of(stack))["Properties"]["EndpointName"] == NAME


def test_given_name_is_kept() -> None:
    stack = new_stack()
    it = endpoint(stack, endpoint_name="fraud")
    it.roll_back_on(errors_of(it))
    assert it.name_in_metrics == "fraud"
    template = template_of(stack)
    assert endpoint_in(template)["Properties"]["EndpointName"] == "fraud"
    assert dimensions(template) == ["fraud", "main"]


def test_name_of_a_parameter_is_the_dimension() -> None:
    stack = new_stack()
    name = cdk.CfnParameter(stack, "Name").value_as_string
    it = endpoint(stack, endpoint_name=name)
    it.roll_back_on(errors_of(it))
    template = template_of(stack)
    assert endpoint_in(template)["Properties"]["EndpointName"] == {"Ref": "Name"}
    assert dimensions(template) == [{"Ref": "Name"}, "main"]


def test_name_is_generated_if_needed() -> None:
    app = cdk.App()
    env = cdk.Environment(account="111122223333", region="eu-west-1")
    stack = cdk.Stack(app, "Stack", env=env)
    it = endpoint(stack, endpoint_name=cdk.PhysicalName.GENERATE_IF_NEEDED)
    assert name_of(it) is None
    it.roll_back_on(errors_of(it))
    name = name_of(it)
    assert name == "stackstackendpoint7dc5068075be59be6521"
    other = cdk.Stack(app, "Other", env=cdk.Environment(account="111122223333", region="eu-west-2"))
    assert other.resolve(it.endpoint_name) == name
    assert dimensions(template_of(stack)) == [name, "main"]


def test_name_is_not_generated_if_not_needed() -> None:
    stack = new_stack()
    Endpoint(
        stack,
        "Endpoint",
        endpoint_config=config_of(stack),
        endpoint_name=cdk.PhysicalName.GENERATE_IF_NEEDED,
    )
    assert "EndpointName" not in endpoint_in(template_of(stack))["Properties"]


def test_generated_name_has_63_characters_at_most() -> None:
    stack = new_stack("A" * 60)
    it = Endpoint(stack, "E" * 60, endpoint_config=config_of(stack), deployment=CANARY)
    it.roll_back_on(errors_of(it))
    assert it.spec.endpoint_name is not None
    assert 60 < len(it.spec.endpoint_name) <= 63
    template_of(stack)


def test_every_type_of_alarm() -> None:
    stack = new_stack()
    it = endpoint(stack)
    errors = errors_of(it)
    raw = cloudwatch.CfnAlarm(
        stack, "Raw", comparison_operator="LessThanThreshold", evaluation_periods=1
    )
    rule = cloudwatch.AlarmRule.from_boolean(value=False)
    composite = cloudwatch.CompositeAlarm(stack, "Composite", alarm_rule=rule)
    raw_composite = cloudwatch.CfnCompositeAlarm(stack, "RawComposite", alarm_rule="FALSE")
    imported = cloudwatch.Alarm.from_alarm_name(stack, "Imported", "imported")
    it.roll_back_on(errors, raw, composite, raw_composite, imported, "by-name", errors, "by-name")
    it.roll_back_on("by-name")
    it.roll_back_on()
    assert [stack.resolve(name) for name in (a.alarm_name for a in alarms_of(it))] == [
        {"Ref": "ErrorsFA5270DE"},
        {"Ref": "Raw"},
        {"Ref": "Composite0B9667B9"},
        {"Ref": "RawComposite"},
        "imported",
        "by-name",
    ]


def alarms_of(it: Endpoint) -> tuple[Any, ...]:
    config = it.spec.deployment_config
    assert config is not None
    assert config.auto_rollback_configuration is not None
    return config.auto_rollback_configuration.alarms or ()


def test_alarms_are_added_to_those_of_a_spec() -> None:
    stack = new_stack()
    given = endpoint(stack, rollback_alarms=["one"]).spec.deployment_config
    other = Endpoint(stack, "Other", endpoint_config=config_of_other(stack), deployment=given)
    other.roll_back_on("two", "one")
    assert [each.alarm_name for each in alarms_of(other)] == ["one", "two"]


def config_of_other(stack: cdk.Stack) -> EndpointConfig:
    return EndpointConfig(stack, "OtherConfig", production_variants=[on_instances()])


def test_roles_may_describe_these_alarms_only() -> None:
    stack = new_stack()
    it = endpoint(stack, with_a_model(stack))
    it.roll_back_on(errors_of(it), "by-name")
    arn = ["arn:", {"Ref": "AWS::Partition"}, ":cloudwatch:", {"Ref": "AWS::Region"}, ":"]
    assert statements_of(stack, "EndpointRollbackAlarms") == [
        {
            "Action": "cloudwatch:DescribeAlarms",
            "Effect": "Allow",
            "Resource": [
                {"Fn::GetAtt": ["ErrorsFA5270DE", "Arn"]},
                {"Fn::Join": ["", [*arn, {"Ref": "AWS::AccountId"}, ":alarm:by-name"]]},
            ],
        }
    ]


def test_composite_alarm_needs_permission_for_all_alarms() -> None:
    stack = new_stack()
    it = endpoint(stack, with_a_model(stack))
    rule = cloudwatch.AlarmRule.from_boolean(value=False)
    it.roll_back_on(cloudwatch.CompositeAlarm(stack, "Composite", alarm_rule=rule))
    assert statements_of(stack, "EndpointRollbackAlarms")[0]["Resource"] == "*"


def test_only_the_endpoint_depends_on_the_policy() -> None:
    stack = new_stack()
    it = endpoint(stack, with_a_model(stack))
    it.roll_back_on(errors_of(it))
    waiting = {
        id_
        for id_, resource in template_of(stack)["Resources"].items()
        if "EndpointRollbackAlarms55FA0AD4" in resource.get("DependsOn", ())
    }
    assert waiting == {"EndpointEEF1FD8F"}


def test_later_role_may_describe_the_alarms() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config")
    it = endpoint(stack, config)
    it.roll_back_on("errors")
    model = Model(stack, "Model", container=Container(image=ContainerImage.from_uri(IMAGE)))
    config.add_instance_variant(
        "main", model=model, instance_type=on_instances().instance_type, initial_instance_count=1
    )
    template = template_of(stack)
    policy = template["Resources"]["EndpointRollbackAlarms55FA0AD4"]
    assert policy["Properties"]["Roles"] == [{"Ref": "ModelExecutionRoleB8BE4D0D"}]
    assert "EndpointRollbackAlarms55FA0AD4" in endpoint_in(template)["DependsOn"]


def test_no_policy_without_known_roles() -> None:
    stack = new_stack()
    endpoint(stack).roll_back_on("errors")
    types = [each["Type"] for each in template_of(stack)["Resources"].values()]
    assert types == ["AWS::SageMaker::EndpointConfig", "AWS::SageMaker::Endpoint"]


def test_immutable_role_is_not_changed() -> None:
    stack = new_stack()
    arn = "arn:aws:iam::111122223333:role/sagemaker"
    role = iam.Role.from_role_arn(stack, "Role", arn, mutable=False)
    container = Container(image=ContainerImage.from_uri(IMAGE))
    model = Model(stack, "Model", container=container, execution_role=role)
    config = EndpointConfig(stack, "Config", production_variants=[on_instances(model=model)])
    endpoint(stack, config).roll_back_on("errors")
    assert not [each for each in template_of(stack)["Resources"].values() if "IAM" in each["Type"]]


CYCLE = (
    "error rollback-alarm-cycle: roll_back_on()[0] has a dimension that refers to the endpoint, "
    "which refers to the alarm"
)


def metric_of(name: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/SageMaker",
        metric_name="Invocation5XXErrors",
        dimensions_map={"EndpointName": name, "VariantName": "main"},
    )


def plain(it: Endpoint) -> cloudwatch.IMetric:
    return metric_of(it.endpoint_name)


def inside(it: Endpoint) -> cloudwatch.IMetric:
    return metric_of(f"{it.endpoint_name}-suffix")


def in_an_expression(it: Endpoint) -> cloudwatch.IMetric:
    return cloudwatch.MathExpression(expression="m * 2", using_metrics={"m": plain(it)})


def of_the_l1(it: Endpoint) -> cloudwatch.IMetric:
    resource = it.node.default_child
    assert isinstance(resource, CfnEndpoint)
    return metric_of(resource.attr_endpoint_name)


@pytest.mark.parametrize("metric", [plain, inside, in_an_expression, of_the_l1])
def test_alarm_that_refers_to_the_endpoint_is_refused(
    metric: Callable[[Endpoint], cloudwatch.IMetric],
) -> None:
    stack = new_stack()
    it = endpoint(stack)
    alarm = cloudwatch.Alarm(stack, "Errors", metric=metric(it), threshold=1, evaluation_periods=1)
    assert refused(lambda: it.roll_back_on(alarm)) == [CYCLE]
    assert it.spec.deployment_config is not None
    assert it.spec.deployment_config.auto_rollback_configuration is None


def test_alarm_on_another_endpoint_is_accepted() -> None:
    stack = new_stack()
    first = Endpoint(stack, "First", endpoint_config=config_of(stack))
    second = Endpoint(stack, "Second", endpoint_config=config_of_other(stack), deployment=CANARY)
    alarm = cloudwatch.Alarm(
        stack, "Errors", metric=plain(first), threshold=1, evaluation_periods=1
    )
    second.roll_back_on(alarm)
    assert [stack.resolve(each.alarm_name) for each in alarms_of(second)] == [
        {"Ref": "ErrorsFA5270DE"}
    ]
    template_of(stack)


def test_eleven_alarms_are_refused() -> None:
    stack = new_stack()
    it = endpoint(stack, rollback_alarms=[f"a{index}" for index in range(8)])
    message = "error list-length-wrong: {} has 11 items; must have 1 to 10 items"
    assert refused(lambda: it.roll_back_on("x", "y", "z")) == [message.format("roll_back_on()")]
    it.roll_back_on("x", "y")
    assert len(alarms_of(it)) == 10
    many = [f"a{index}" for index in range(11)]
    other = new_stack()
    assert refused(lambda: endpoint(other, rollback_alarms=many)) == [
        message.format("rollback_alarms")
    ]


def test_wrong_alarm_is_refused() -> None:
    stack = new_stack()
    config = config_of(stack)
    it = endpoint(stack, config)
    long = "a" * 256
    assert refused(lambda: it.roll_back_on("fine", config)) == [  # type: ignore[arg-type]
        (
            "error argument-type-wrong: roll_back_on()[1] is an EndpointConfig object; must be an "
            "alarm (IAlarmRef) or its name"
        )
    ]
    assert refused(lambda: it.roll_back_on("fine", long)) == [
        (
            f"error value-length-wrong: roll_back_on()[1] is '{'a' * 78}…; must have 1 to 255 "
            "characters"
        )
    ]
