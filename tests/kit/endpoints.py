"""Small endpoints, one for each feature, for snapshots and oracles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_epc import (
    AsyncInference,
    CapacitySize,
    Container,
    ContainerImage,
    Deployment,
    Endpoint,
    EndpointBase,
    EndpointConfig,
    EndpointConfigError,
    Finding,
    InferenceComponentVariant,
    InstanceType,
    InstanceVariant,
    Model,
    RetainedProperties,
    S3Location,
)
from kit.cdk import template_of

Feature = Callable[[Stack], EndpointBase]

IMAGE: Final = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
LARGE: Final = InstanceType.ML_M5_LARGE
TEN: Final = Duration.minutes(10)


def on_instances(name: str = "main", model: Model | str = "fraud-7") -> InstanceVariant:
    """Return a variant on four instances."""
    return InstanceVariant(name, model=model, instance_type=LARGE, initial_instance_count=4)


def config_of(stack: Stack, *variants: InstanceVariant) -> EndpointConfig:
    """Add a configuration of these variants, by default of one on four instances."""
    return EndpointConfig(stack, "Config", production_variants=variants or [on_instances()])


def with_a_model(stack: Stack) -> EndpointConfig:
    """Add a configuration of a model with its own execution role."""
    container = Container(image=ContainerImage.from_uri(IMAGE))
    return config_of(stack, on_instances(model=Model(stack, "Model", container=container)))


def caller(stack: Stack) -> iam.Role:
    """Add a role that may call an endpoint."""
    return iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


def errors_of(endpoint: EndpointBase, config: EndpointConfig | None = None) -> cloudwatch.Alarm:
    """Add an alarm on a metric of the endpoint, or of one of its fleets if it gets the config."""
    dimensions = {"EndpointName": endpoint.name_in_metrics, "VariantName": "main"}
    if config is not None:
        dimensions["EndpointConfigName"] = config.endpoint_config_name
    metric = cloudwatch.Metric(
        namespace="AWS/SageMaker",
        metric_name="Invocation5XXErrors",
        dimensions_map=dimensions,
        statistic="Average",
        period=Duration.minutes(1),
    )
    return cloudwatch.Alarm(
        endpoint.stack,
        f"Errors{'OfFleet' if config else ''}",
        metric=metric,
        threshold=0.05,
        evaluation_periods=3,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )


def minimal(stack: Stack) -> Endpoint:
    return Endpoint(stack, "Endpoint", endpoint_config=config_of(stack))


def named(stack: Stack) -> Endpoint:
    return Endpoint(
        stack,
        "Endpoint",
        endpoint_config=config_of(stack),
        endpoint_name="fraud",
        tags={"team": "risk"},
    )


def waits_for_the_role(stack: Stack) -> Endpoint:
    return Endpoint(stack, "Endpoint", endpoint_config=with_a_model(stack))


def _deployed(stack: Stack, deployment: Deployment) -> Endpoint:
    return Endpoint(
        stack,
        "Endpoint",
        endpoint_config=config_of(stack),
        deployment=deployment,
        rollback_alarms=["fraud-errors"],
    )


def all_at_once(stack: Stack) -> Endpoint:
    deployment = Deployment.all_at_once(
        wait=TEN, termination_wait=Duration.minutes(5), timeout=Duration.hours(1)
    )
    return _deployed(stack, deployment)


def canary(stack: Stack) -> Endpoint:
    deployment = Deployment.canary(
        CapacitySize.percent(10), TEN, termination_wait=TEN, timeout=Duration.hours(2)
    )
    return _deployed(stack, deployment)


def linear(stack: Stack) -> Endpoint:
    return _deployed(stack, Deployment.linear(CapacitySize.instances(2), TEN))


def rolling(stack: Stack) -> Endpoint:
    deployment = Deployment.rolling(
        CapacitySize.percent(25),
        TEN,
        rollback_batch=CapacitySize.percent(50),
        timeout=Duration.hours(8),
    )
    return _deployed(stack, deployment)


def rollback_on_own_metrics(stack: Stack) -> Endpoint:
    """Add an endpoint with alarms on its own metrics; one alarm is on the new fleet only."""
    config = with_a_model(stack)
    deployment = Deployment.canary(CapacitySize.percent(10), TEN)
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config, deployment=deployment)
    endpoint.roll_back_on(errors_of(endpoint), errors_of(endpoint, config))
    return endpoint


def rollback_with_a_name(stack: Stack) -> Endpoint:
    endpoint = Endpoint(
        stack,
        "Endpoint",
        endpoint_config=with_a_model(stack),
        endpoint_name="fraud",
        deployment=Deployment.all_at_once(termination_wait=TEN),
    )
    endpoint.roll_back_on(errors_of(endpoint))
    return endpoint


def rollback_on_a_composite_alarm(stack: Stack) -> Endpoint:
    endpoint = Endpoint(
        stack,
        "Endpoint",
        endpoint_config=with_a_model(stack),
        deployment=Deployment.all_at_once(termination_wait=TEN),
    )
    rule = cloudwatch.AlarmRule.from_alarm(errors_of(endpoint), cloudwatch.AlarmState.ALARM)
    endpoint.roll_back_on(cloudwatch.CompositeAlarm(stack, "Any", alarm_rule=rule))
    return endpoint


def retains_everything(stack: Stack) -> Endpoint:
    config = config_of(stack)
    endpoint = Endpoint(
        stack, "Endpoint", endpoint_config=config, retain=RetainedProperties.everything()
    )
    endpoint.variant("main").auto_scale(4, 8).scale_on_invocations(600)
    return endpoint


def retains_what_scales(stack: Stack) -> Endpoint:
    """Add an endpoint with two variants, of which one is scaled."""
    config = config_of(stack, on_instances(), on_instances("next", model="fraud-8"))
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    endpoint.variant("main").auto_scale(4, 8).scale_on_invocations(600)
    return endpoint


def retains_the_last_deployment(stack: Stack) -> Endpoint:
    return Endpoint(
        stack, "Endpoint", endpoint_config=config_of(stack), retain_deployment_config=True
    )


def of_an_imported_configuration(stack: Stack) -> Endpoint:
    config = EndpointConfig.from_endpoint_config_name(stack, "Config", "fraud-7")
    return Endpoint(stack, "Endpoint", endpoint_config=config)


def granted(stack: Stack) -> Endpoint:
    endpoint = minimal(stack)
    endpoint.grant_invoke(caller(stack))
    return endpoint


def granted_async(stack: Stack) -> Endpoint:
    bucket = s3.Bucket(stack, "Bucket", encryption_key=kms.Key(stack, "Key"))
    async_inference = AsyncInference(
        output_path=S3Location(bucket, "answers/"), input_path=S3Location(bucket, "requests/")
    )
    config = EndpointConfig(
        stack, "Config", production_variants=[on_instances()], async_inference=async_inference
    )
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    endpoint.grant_invoke_async(caller(stack))
    return endpoint


def granted_components(stack: Stack) -> Endpoint:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    variant = InferenceComponentVariant(
        "main", instance_type=InstanceType.ML_G5_2XLARGE, initial_instance_count=1
    )
    config = EndpointConfig(stack, "Config", production_variants=[variant], execution_role=role)
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    endpoint.grant_invoke(caller(stack), components=["Chat"])
    return endpoint


def granted_models(stack: Stack) -> EndpointBase:
    endpoint = Endpoint.from_endpoint_name(stack, "Endpoint", "Fraud")
    endpoint.grant_invoke(caller(stack), target_models=["company-a/*", "common.tar.gz"])
    return endpoint


FEATURES: Final[dict[str, Feature]] = {
    feature.__name__: feature
    for feature in (
        minimal,
        named,
        waits_for_the_role,
        all_at_once,
        canary,
        linear,
        rolling,
        rollback_on_own_metrics,
        rollback_with_a_name,
        rollback_on_a_composite_alarm,
        retains_everything,
        retains_what_scales,
        retains_the_last_deployment,
        of_an_imported_configuration,
        granted,
        granted_async,
        granted_components,
        granted_models,
    )
}


def refused(call: Callable[[], object]) -> list[str]:
    """Return the first lines of the findings of a refused call."""
    with pytest.raises(EndpointConfigError) as error:
        call()
    return [str(finding).splitlines()[0] for finding in error.value.findings]


def refused_findings(call: Callable[[], object]) -> list[Finding]:
    """Return the findings of a refused call."""
    with pytest.raises(EndpointConfigError) as error:
        call()
    return list(error.value.findings)


def statements_of(stack: Stack, policy: str) -> list[dict[str, Any]]:
    """Return the statements of the only policy whose logical id has this prefix."""
    (found,) = (
        resource
        for id_, resource in template_of(stack)["Resources"].items()
        if id_.startswith(policy) and resource["Type"] == "AWS::IAM::Policy"
    )
    return list(found["Properties"]["PolicyDocument"]["Statement"])


def endpoint_in(template: dict[str, Any]) -> dict[str, Any]:
    """Return the only endpoint of a template."""
    (resource,) = (
        each
        for each in template["Resources"].values()
        if each["Type"] == "AWS::SageMaker::Endpoint"
    )
    return dict(resource)
