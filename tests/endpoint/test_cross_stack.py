"""Endpoints whose configuration, alarms or callers are in other stacks."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from kit.cdk import STRICT, new_stack
from kit.endpoints import TEN, caller, config_of, with_a_model

from cdk_epc import CapacitySize, Deployment, Endpoint

CANARY = Deployment.canary(CapacitySize.percent(25), TEN)


def app_of() -> cdk.App:
    return cdk.App(analytics_reporting=False, context=STRICT)


def waiting_for(app: cdk.App) -> dict[str, set[str]]:
    """Return the dependencies of each stack."""
    return {
        stack.stack_name: {
            other.id for other in stack.dependencies if not other.id.endswith(".assets")
        }
        for stack in app.synth().stacks
    }


def test_alarms_and_callers_in_other_stacks() -> None:
    app = app_of()
    serving, watching, calling = (
        new_stack(name, app) for name in ("Serving", "Watching", "Calling")
    )
    config = with_a_model(serving)
    endpoint = Endpoint(serving, "Endpoint", endpoint_config=config, deployment=CANARY)
    metric = cloudwatch.Metric(
        namespace="AWS/SageMaker",
        metric_name="Invocation5XXErrors",
        dimensions_map={"EndpointName": endpoint.name_in_metrics, "VariantName": "main"},
    )
    alarm = cloudwatch.Alarm(watching, "A", metric=metric, threshold=0.1, evaluation_periods=1)
    endpoint.roll_back_on(alarm)
    endpoint.grant_invoke(caller(calling))
    assert endpoint.findings_at_synth() == []
    assert waiting_for(app) == {
        "Watching": set(),
        "Serving": {"Watching"},
        "Calling": {"Serving"},
    }


def test_policy_for_alarms_is_in_the_stack_of_the_endpoint() -> None:
    """In the stack of the role it would make that stack depend on the alarms."""
    app = app_of()
    models, serving = new_stack("Models", app), new_stack("Serving", app)
    endpoint = Endpoint(
        serving, "Endpoint", endpoint_config=with_a_model(models), deployment=CANARY
    )
    rule = cloudwatch.AlarmRule.from_boolean(value=False)
    endpoint.roll_back_on(cloudwatch.CompositeAlarm(serving, "Alarm", alarm_rule=rule))
    assert waiting_for(app) == {"Models": set(), "Serving": {"Models"}}


def test_configuration_of_another_stack_is_a_warning() -> None:
    app = app_of()
    key = "@aws-cdk/core:defaultCrossStackReferences"
    app.node.set_context(key, "weak")
    config = config_of(new_stack("Other", app))
    weak = Endpoint(new_stack("Weak", app), "Endpoint", endpoint_config=config)
    (finding,) = weak.findings_at_synth()
    assert "endpoint_config is an output of another stack" in finding.message
    assert "with this weak reference" in finding.message
    call = "call apply_removal_policy(cdk.RemovalPolicy.RETAIN) of the configuration."
    assert finding.fix.endswith(call)
    config.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    assert weak.findings_at_synth() == []

    app = app_of()
    config = config_of(new_stack("Models", app))
    endpoint = Endpoint(new_stack("Serving", app), "Endpoint", endpoint_config=config)
    (finding,) = endpoint.findings_at_synth()
    assert str(finding).splitlines()[:2] == [
        (
            "warning endpoint-config-imported: endpoint_config is an export of another stack; must "
            "be a configuration in the same stack, because this strong reference blocks each "
            "update that replaces the configuration"
        ),
        "    fix: Create the configuration and its models in the stack of the endpoint.",
    ]


def test_configuration_of_a_nested_stack_has_no_export() -> None:
    parent = new_stack()
    config = config_of(cdk.NestedStack(parent, "Nested"))
    endpoint = Endpoint(parent, "Endpoint", endpoint_config=config)
    assert endpoint.findings_at_synth() == []
