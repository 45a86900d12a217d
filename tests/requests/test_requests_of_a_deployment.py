"""Requests of every type: their detection, their findings, and the contexts that they give."""

from __future__ import annotations

import datetime as dt
from typing import Final

import pytest
from kit.requests import Request, changed

from cdk_epc import check_request
from cdk_epc.requests import review_requests
from cdk_epc.spec.request_type import request_type_of

IMAGE: Final = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
SCALED: Final[Request] = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/fraud/variant/main",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
REQUESTS: Final[dict[str, Request]] = {
    "CreateModel": {
        "ModelName": "fraud-7",
        "ExecutionRoleArn": "arn:aws:iam::111122223333:role/fraud",
        "PrimaryContainer": {"Image": IMAGE, "ModelDataUrl": "s3://amzn-s3-demo-bucket/m.tar.gz"},
    },
    "CreateEndpointConfig": {
        "EndpointConfigName": "fraud-7",
        "ProductionVariants": [
            {
                "VariantName": "main",
                "ModelName": "fraud-7",
                "InstanceType": "ml.m5.xlarge",
                "InitialInstanceCount": 2,
            }
        ],
    },
    "CreateEndpoint": {"EndpointName": "fraud", "EndpointConfigName": "fraud-7"},
    "RegisterScalableTarget": {**SCALED, "MinCapacity": 1, "MaxCapacity": 4, "Tags": {"a": "b"}},
    "PutScalingPolicy": {
        **SCALED,
        "PolicyName": "requests",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": 300,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
            },
        },
    },
    "PutScheduledAction": {
        **SCALED,
        "ScheduledActionName": "morning",
        "Schedule": "cron(0 8 ? * MON-FRI *)",
        "StartTime": dt.datetime(2026, 12, 1, tzinfo=dt.UTC),
        "ScalableTargetAction": {"MinCapacity": 2},
    },
    "PutMetricAlarm": {
        "AlarmName": "slow",
        "Namespace": "AWS/SageMaker",
        "MetricName": "ModelLatency",
        "Dimensions": [
            {"Name": "EndpointName", "Value": "fraud"},
            {"Name": "VariantName", "Value": "main"},
        ],
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 3,
        "Threshold": 500000,
        "ComparisonOperator": "GreaterThanThreshold",
    },
}
HOST: Final[Request] = {
    "EndpointConfigName": "shared",
    "ExecutionRoleArn": "arn:aws:iam::111122223333:role/fraud",
    "ProductionVariants": [
        {"VariantName": "shared", "InstanceType": "ml.m5.2xlarge", "InitialInstanceCount": 1}
    ],
}
COMPONENTS: Final[dict[str, Request]] = {
    "CreateModel": REQUESTS["CreateModel"],
    "CreateEndpointConfig": HOST,
    "CreateEndpoint": {"EndpointName": "shared", "EndpointConfigName": "shared"},
    "CreateInferenceComponent": {
        "InferenceComponentName": "fraud",
        "EndpointName": "shared",
        "VariantName": "shared",
        "Specification": {
            "ModelName": "fraud-7",
            "ComputeResourceRequirements": {
                "MinMemoryRequiredInMb": 1024,
                "NumberOfCpuCoresRequired": 2,
            },
            # CloudFormation requires the balance, and a value of each tag.
            "SchedulingConfig": {"PlacementStrategy": "SPREAD"},
        },
        "RuntimeConfig": {"CopyCount": 1},
        "Tags": [{"Key": "team", "Value": ""}],
    },
    "RegisterScalableTarget": {
        "ServiceNamespace": "sagemaker",
        "ResourceId": "inference-component/fraud",
        "ScalableDimension": "sagemaker:inference-component:DesiredCopyCount",
        "MinCapacity": 1,
        "MaxCapacity": 4,
    },
}

POLICY: Final = "DeploymentConfig.BlueGreenUpdatePolicy"
CASES: Final[list[tuple[dict[str, Request], str, object, list[str]]]] = [
    (
        REQUESTS,
        "CreateEndpointConfig.ProductionVariants[0].InstanceType",
        "ml.c7g.large",
        ["CreateEndpointConfig x86-image-on-arm64 ProductionVariants[0].InstanceType"],
    ),
    (
        REQUESTS,
        "CreateModel.PrimaryContainer.ModelDataUrl",
        "s3://amzn-s3-demo-bucket/m/",
        ["CreateModel model-data-is-prefix PrimaryContainer.ModelDataUrl"],
    ),
    (
        REQUESTS,
        "CreateModel.PrimaryContainer.Image",
        IMAGE.replace("eu-west-1", "us-east-1"),
        ["CreateModel model-image-other-region PrimaryContainer.Image"],
    ),
    (
        REQUESTS,
        "CreateModel.ExecutionRoleArn",
        "arn:aws:iam::111122223333:role/AmazonSageMaker-ExecutionRole-20240101T101010",
        ["CreateModel role-path-missing ExecutionRoleArn"],
    ),
    (
        REQUESTS,
        "CreateEndpointConfig.ProductionVariants[0].InstanceType",
        "ml.t2.medium",
        ["CreateEndpointConfig scaling-burstable-type ProductionVariants[0].InstanceType"],
    ),
    (
        REQUESTS,
        "RegisterScalableTarget.ResourceId",
        "endpoint/fraud/variant/mian",
        ["RegisterScalableTarget scaling-variant-unknown ResourceId"],
    ),
    (
        REQUESTS,
        "RegisterScalableTarget.ResourceId",
        "endpoint/fraud",
        ["RegisterScalableTarget scaling-resource-id-wrong ResourceId"],
    ),
    (
        REQUESTS,
        "RegisterScalableTarget.MinCapacity",
        0,
        ["RegisterScalableTarget scaling-to-zero-not-supported MinCapacity"],
    ),
    (
        REQUESTS,
        "PutScheduledAction.Schedule",
        "cron(0 8 * * *)",
        ["PutScheduledAction schedule-expression-invalid Schedule"],
    ),
    (
        REQUESTS,
        "PutScheduledAction.Dusk",
        "Dawn",
        ["PutScheduledAction member-unpublished Dusk"],
    ),
    (
        REQUESTS,
        "PutMetricAlarm.Dimensions[1].Value",
        "other",
        ["PutMetricAlarm alarm-variant-unknown Dimensions[1].Value"],
    ),
    (
        REQUESTS,
        "CreateEndpoint.DeploymentConfig",
        {"BlueGreenUpdatePolicy": {}},
        [f"CreateEndpoint value-missing {POLICY}.TrafficRoutingConfiguration"],
    ),
    (
        COMPONENTS,
        "CreateInferenceComponent.RuntimeConfig.CopyCount",
        0,
        ["CreateInferenceComponent component-copies-zero RuntimeConfig.CopyCount"],
    ),
    (
        COMPONENTS,
        "CreateEndpointConfig.ProductionVariants[0].InstanceType",
        "ml.c7g.2xlarge",
        ["CreateInferenceComponent x86-image-on-arm64 Specification.ModelName"],
    ),
    (
        COMPONENTS,
        "CreateInferenceComponent.VariantName",
        "other",
        ["CreateInferenceComponent component-variant-unknown VariantName"],
    ),
    (
        COMPONENTS,
        "RegisterScalableTarget.MinCapacity",
        2,
        ["CreateInferenceComponent component-copies-outside-scaling RuntimeConfig.CopyCount"],
    ),
]


def findings_of(requests: dict[str, Request]) -> list[str]:
    reports = review_requests(list(requests.values()), region="eu-west-1")
    return [
        f"{operation} {each.rule_id} {each.path}"
        for operation, report in zip(requests, reports, strict=True)
        for each in report.findings
    ]


def test_requests_of_each_type_are_told_apart() -> None:
    for requests in (REQUESTS, COMPONENTS):
        for operation, request in requests.items():
            found = request_type_of(request, named=False)
            assert found is not None
            assert found.operation == operation
        assert findings_of(requests) == []


def test_requests_of_a_deployment_are_checked_together() -> None:
    wrong: list[tuple[list[str], list[str]]] = []
    for requests, at, value, expected in CASES:
        if (found := findings_of(changed(requests, at, value))) != expected:
            wrong.append((expected, found))
    assert wrong == []


def test_related_requests_give_context_and_no_findings_of_their_own() -> None:
    model = REQUESTS["CreateModel"]
    at = "ProductionVariants[0].InstanceType"
    config = changed(REQUESTS["CreateEndpointConfig"], at, "ml.c7g.large")
    assert check_request(config) == []
    (finding,) = check_request(config, related=[model])
    assert finding.rule_id == "x86-image-on-arm64"
    wrong = changed(model, "PrimaryContainer.ModelDataUrl", "s3://amzn-s3-demo-bucket/m/")
    assert check_request(config, related=[wrong]) == [finding]
    with pytest.raises(TypeError, match="request must be a mapping"):
        check_request(config, related=["fraud"])  # type: ignore[list-item]


def test_descriptions_of_models() -> None:
    described: Request = {
        **REQUESTS["CreateModel"],
        "ModelArn": "arn:aws:sagemaker:eu-west-1:111122223333:model/fraud-7",
        "CreationTime": 1,
        "Containers": [],
        "NewMember": None,
        "Newest": 1,
    }
    assert check_request(described) == []
    described["PrimaryContainer"] = {"Image": "fraud:7"}
    assert [each.rule_id for each in check_request(described)] == ["model-image-outside-ecr"]


OTHER: Final[dict[str, Request]] = {
    "description of an endpoint": {
        "EndpointName": "fraud",
        "EndpointConfigName": "fraud",
        "EndpointStatus": "InService",
    },
    "update of a component": {"InferenceComponentName": "a", "Specification": {}},
    "call of an endpoint": {"EndpointName": "fraud", "Body": ""},
    "scaling of a table": {**SCALED, "ServiceNamespace": "dynamodb", "MinCapacity": 1},
    "description of targets": SCALED,
    "alarm of a function": {"AlarmName": "a", "Namespace": "AWS/Lambda"},
    "task": {"Containers": [{"Name": "web"}]},
    "job": {"ModelName": "fraud-7", "TransformJobName": "a"},
}


def test_other_documents() -> None:
    assert {name for name, each in OTHER.items() if request_type_of(each, named=True)} == set()
    named = {"ModelName": "fraud-7", "ExecutionRoleArn": "arn:aws:iam::111122223333:role/a"}
    assert request_type_of(named, named=False) is None
    assert [each.rule_id for each in check_request(named)] == ["model-containers-ambiguous"]
