"""Templates: their resources one by one, and the subjects of the rules in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdk_epc.rules import Finding, Rule, Severity
from cdk_epc.spec.context import ConfigContext, InferenceComponentContext
from cdk_epc.templates import TemplateInput, check_template, review_app
from cdk_epc.templates.app import App
from cdk_epc.templates.intrinsics import scenario_of
from cdk_epc.templates.scenarios import Evaluation

Json = dict[str, Any]

CONFIG = "AWS::SageMaker::EndpointConfig"
NO_VALUE = {"Ref": "AWS::NoValue"}
ENV = {"Env": {"Type": "String", "AllowedValues": ["dev", "prod"]}}
CONDITIONS = {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}}
INSTANCES = "sagemaker:variant:DesiredInstanceCount"
COPIES = "sagemaker:inference-component:DesiredCopyCount"


def template_of(properties: Any, **sections: Any) -> Json:
    """Return a template with one configuration named Config."""
    return {**sections, "Resources": {"Config": {"Type": CONFIG, "Properties": properties}}}


def errors_in(template: Json) -> list[Finding]:
    """Return the findings that stop a deployment."""
    return [each for each in check_template(template) if each.severity is Severity.ERROR]


def value_at(position: tuple[str | int, ...], template: Any) -> Any:
    """Return the value at a position of a template."""
    for step in position:
        template = template[step]
    return template


def nested(times: int, wrap: Callable[[Any], Any], inner: Any = "x") -> Any:
    """Return a value that is wrapped several times."""
    for _ in range(times):
        inner = wrap(inner)
    return inner


def evaluation_of(**sections: Any) -> Evaluation:
    """Return the evaluation of a template in its first scenario."""
    app = App.of([TemplateInput(template=sections)])
    return Evaluation(scenario_of(app), app.templates[0])


def get(logical_id: str, attribute: str) -> Json:
    return {"Fn::GetAtt": [logical_id, attribute]}


def resource(type_: str, /, **properties: Any) -> Json:
    return {"Type": type_, "Properties": properties}


def dimension(name: str, value: Any) -> Json:
    return {"Name": name, "Value": value}


def config(**properties: Any) -> Json:
    """Return a configuration of the model `MODEL`."""
    variant = {
        "VariantName": "main",
        "ModelName": get("Model", "ModelName"),
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 2,
    }
    return resource(CONFIG, ProductionVariants=[variant], **properties)


def config_of(model: Any = None, **properties: Any) -> Json:
    """Return a configuration with this model name."""
    variant = {"VariantName": "main", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    if model is not None:
        variant["ModelName"] = model
    return resource(CONFIG, ProductionVariants=[variant], **properties)


ROLE = "arn:aws:iam::111122223333:role/fraud"
MODEL = resource(
    "AWS::SageMaker::Model",
    ExecutionRoleArn=ROLE,
    PrimaryContainer={"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"},
)
ENDPOINT = resource(
    "AWS::SageMaker::Endpoint", EndpointConfigName=get("Config", "EndpointConfigName")
)
ENDPOINT_NAME = get("Endpoint", "EndpointName")
BASE: Json = {"Model": MODEL, "Config": config(), "Endpoint": ENDPOINT}
"""An endpoint with its configuration and model."""


def endpoint_with_rollback(alarm_name: Any, **properties: Any) -> Json:
    """Return an endpoint with a rollback alarm."""
    deployment = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": alarm_name}]}}
    given = {**ENDPOINT["Properties"], "DeploymentConfig": deployment, **properties}
    return {**ENDPOINT, "Properties": given}


COMPONENT_BASE: Json = {
    "Config": resource(
        CONFIG,
        ExecutionRoleArn=ROLE,
        ProductionVariants=[
            {"VariantName": "main", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 2}
        ],
    ),
    "Endpoint": {
        **ENDPOINT,
        "Properties": {**ENDPOINT["Properties"], "EndpointName": "fraud"},
    },
    "Model": MODEL,
}
"""An endpoint for inference components, with a model for them."""


def component(endpoint: Any, **properties: Any) -> Json:
    specification = {
        "ModelName": get("Model", "ModelName"),
        "ComputeResourceRequirements": {
            "MinMemoryRequiredInMb": 1024,
            "NumberOfAcceleratorDevicesRequired": 1,
        },
    }
    return resource(
        "AWS::SageMaker::InferenceComponent",
        **{
            "EndpointName": endpoint,
            "VariantName": "main",
            "Specification": specification,
            "RuntimeConfig": {"CopyCount": 1},
            **properties,
        },
    )


NAME_IN_ARN = {
    "Fn::Select": [1, {"Fn::Split": ["/", {"Fn::Select": [5, {"Fn::Split": [":", {"Ref": "C"}]}]}]}]
}
"""Name of the component C, extracted from its ARN."""


def alarm(endpoint: Any, **changes: Any) -> Json:
    return resource(
        "AWS::CloudWatch::Alarm",
        **{
            "Namespace": "AWS/SageMaker",
            "MetricName": "Invocation5XXErrors",
            "Dimensions": [dimension("EndpointName", endpoint), dimension("VariantName", "main")],
            "Statistic": "Average",
            "Threshold": 0.05,
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 3,
            "Period": 60,
            **changes,
        },
    )


def target(resource_id: Any, scalable_dimension: str = INSTANCES, **properties: Any) -> Json:
    return resource(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        **{
            "ServiceNamespace": "sagemaker",
            "ScalableDimension": scalable_dimension,
            "ResourceId": resource_id,
            "MinCapacity": 1,
            "MaxCapacity": 4,
            **properties,
        },
    )


def scaling_policy(**properties: Any) -> Json:
    metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    return resource(
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        **{
            "PolicyName": "load",
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": {
                "TargetValue": 70,
                "PredefinedMetricSpecification": metric,
            },
            **properties,
        },
    )


TRUST: Json = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
IAM_ROLE = resource("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST)
WITH_ROLE: Json = {
    **BASE,
    "Role": IAM_ROLE,
    "Model": {
        **MODEL,
        "Properties": {**MODEL["Properties"], "ExecutionRoleArn": get("Role", "Arn")},
    },
}
"""`BASE` with an execution role of the model."""


def contexts(types: tuple[type, ...], *templates: TemplateInput) -> list[Any]:
    """Return the subjects of these types, in every scenario of every template."""
    seen: list[Any] = []

    def note(subject: Any) -> tuple[()]:
        seen.append(subject)
        return ()

    review_app(templates, rules=[Rule(id="own-rule", title="", why="", about=types, check=note)])
    return seen


def subjects(type_: type, resources: Json, **sections: Any) -> list[Any]:
    """Return the subjects of one type, in every scenario of one template."""
    return contexts((type_,), TemplateInput(template={**sections, "Resources": resources}))


def config_context(resources: Json, **sections: Any) -> ConfigContext:
    """Return the first configuration, in the first scenario."""
    subject = subjects(ConfigContext, resources, **sections)[0]
    assert isinstance(subject, ConfigContext)
    return subject


def component_context(resources: Json) -> InferenceComponentContext:
    """Return the first component, in the first scenario."""
    subject = subjects(InferenceComponentContext, resources)[0]
    assert isinstance(subject, InferenceComponentContext)
    return subject


def rules_by_resource(resources: Json, **sections: Any) -> list[tuple[str | None, str]]:
    """Return the resource and the rule of each finding."""
    findings = check_template({**sections, "Resources": resources})
    return [(each.resource, each.rule_id) for each in findings]
