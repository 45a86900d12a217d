"""Resources of templates, and the subjects that rules get from them."""

from __future__ import annotations

from typing import Any

from cdk_epc.rules import Rule
from cdk_epc.spec.context import InferenceComponentContext
from cdk_epc.templates import TemplateInput, check_template, review_app

Json = dict[str, Any]
SPACE = "AWS::SageMaker"
ENV = {"Env": {"Type": "String", "AllowedValues": ["dev", "prod"]}}
CONDITIONS = {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}}
DESIRED = "sagemaker:variant:DesiredInstanceCount"
COPIES = "sagemaker:inference-component:DesiredCopyCount"


def get(logical_id: str, attribute: str) -> Json:
    """Return ``Fn::GetAtt``."""
    return {"Fn::GetAtt": [logical_id, attribute]}


def resource(type_: str, /, **properties: Any) -> Json:
    return {"Type": type_, "Properties": properties}


def dimension(name: str, value: Any) -> Json:
    return {"Name": name, "Value": value}


def config(**properties: Any) -> Json:
    variant = {
        "VariantName": "main",
        "ModelName": get("Model", "ModelName"),
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 2,
    }
    return resource(f"{SPACE}::EndpointConfig", ProductionVariants=[variant], **properties)


ROLE = "arn:aws:iam::111122223333:role/fraud"
MODEL = resource(
    f"{SPACE}::Model",
    ExecutionRoleArn=ROLE,
    PrimaryContainer={"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"},
)
ENDPOINT = resource(f"{SPACE}::Endpoint", EndpointConfigName=get("Config", "EndpointConfigName"))
NAME = get("Endpoint", "EndpointName")
BASE: Json = {"Model": MODEL, "Config": config(), "Endpoint": ENDPOINT}


def guarded(alarm_name: Any, **properties: Any) -> Json:
    """Return an endpoint that rolls back on an alarm."""
    deployment = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": alarm_name}]}}
    given = {**ENDPOINT["Properties"], "DeploymentConfig": deployment, **properties}
    return {**ENDPOINT, "Properties": given}


VARIANT = {"VariantName": "main", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 2}
HOST: Json = {
    "Config": resource(
        f"{SPACE}::EndpointConfig", ExecutionRoleArn=ROLE, ProductionVariants=[VARIANT]
    ),
    "Endpoint": {
        **ENDPOINT,
        "Properties": {**ENDPOINT["Properties"], "EndpointName": "fraud"},
    },
    "Model": MODEL,
}


def component(endpoint: Any, **properties: Any) -> Json:
    specification = {
        "ModelName": get("Model", "ModelName"),
        "ComputeResourceRequirements": {
            "MinMemoryRequiredInMb": 1024,
            "NumberOfAcceleratorDevicesRequired": 1,
        },
    }
    return resource(
        f"{SPACE}::InferenceComponent",
        **{
            "EndpointName": endpoint,
            "VariantName": "main",
            "Specification": specification,
            "RuntimeConfig": {"CopyCount": 1},
            **properties,
        },
    )


# Name of an inference component, cut from its ARN.
CUT = {
    "Fn::Select": [1, {"Fn::Split": ["/", {"Fn::Select": [5, {"Fn::Split": [":", {"Ref": "C"}]}]}]}]
}


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
            **changes,
        },
    )


def target(resource_id: Any, scaled: str = DESIRED, **others: Any) -> Json:
    return resource(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        **{
            "ServiceNamespace": "sagemaker",
            "ScalableDimension": scaled,
            "ResourceId": resource_id,
            "MinCapacity": 1,
            "MaxCapacity": 4,
            **others,
        },
    )


def tracking(**properties: Any) -> Json:
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


TRUST: Json = {"Version": "2012-10-17", "Statement": []}
IAM_ROLE = resource("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST)
WITH_ROLE = {
    **BASE,
    "Role": IAM_ROLE,
    "Model": {
        **MODEL,
        "Properties": {**MODEL["Properties"], "ExecutionRoleArn": get("Role", "Arn")},
    },
}


def subjects(kind: type, resources: Json, **sections: Any) -> list[Any]:
    """Return the subjects of one kind in every scenario of a template."""
    seen: list[Any] = []

    def collect(subject: Any) -> tuple[()]:
        seen.append(subject)
        return ()

    rule = Rule(id="own-rule", title="", why="", about=(kind,), check=collect)
    review_app([TemplateInput(template={**sections, "Resources": resources})], rules=[rule])
    return seen


def found(resources: Json, **sections: Any) -> list[tuple[str | None, str]]:
    """Return the resource and the rule of each finding."""
    findings = check_template({**sections, "Resources": resources})
    return [(each.resource, each.rule_id) for each in findings]


def as_placed(resources: Json) -> InferenceComponentContext:
    """Return the first inference component of a template with its related resources."""
    subject = subjects(InferenceComponentContext, resources)[0]
    assert isinstance(subject, InferenceComponentContext)
    return subject
