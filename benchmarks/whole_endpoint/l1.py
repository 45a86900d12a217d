"""The endpoint with CDK's L1: `python -m benchmarks.whole_endpoint.l1 FOLDER`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.aws_applicationautoscaling import CfnScalableTarget, CfnScalingPolicy
from aws_cdk.aws_cloudwatch import CfnAlarm, CfnDashboard
from aws_cdk.aws_sagemaker import CfnEndpoint, CfnEndpointConfig, CfnModel

from benchmarks.stacks import app_of, new_stack
from cdk_epc.catalog import images

if TYPE_CHECKING:
    from aws_cdk import Stack

NAME: Final = "Stack-Endpoint-7DC50680"
VARIANT: Final = "fraud"
_DASHBOARD: Final = Path(__file__).with_name("dashboard.json")
_ERRORS: Final = {"evaluation_periods": 5, "datapoints_to_alarm": 3, "namespace": "AWS/SageMaker"}
_HOSTS: Final = {
    "evaluation_periods": 15,
    "datapoints_to_alarm": 10,
    "namespace": "/aws/sagemaker/Endpoints",
}
_OF_REQUESTS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "server-errors": (
        "more than 5% of the requests have a 5xx status, in 3 of 5 minutes.",
        {"metric_name": "Invocation5XXErrors", "statistic": "Average", "threshold": 0.05},
    ),
    "client-errors": (
        "more than 20% of the requests have a 4xx status, in 3 of 5 minutes.",
        {"metric_name": "Invocation4XXErrors", "statistic": "Average", "threshold": 0.2},
    ),
    "latency": (
        "the model latency (p99) is above 30 seconds, in 3 of 5 minutes.",
        {
            "metric_name": "ModelLatency",
            "extended_statistic": "p99",
            "evaluate_low_sample_count_percentile": "ignore",
            "threshold": 30_000_000,
        },
    ),
}
_OF_HOSTS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "cpu": (
        "more than 90% of all vCPUs are in use, in 10 of 15 minutes.",
        {"metric_name": "CPUUtilization", "statistic": "Average", "threshold": 360},
    ),
    "memory": (
        "more than 90% of the memory is in use, in 10 of 15 minutes.",
        {"metric_name": "MemoryUtilization", "statistic": "Maximum", "threshold": 90},
    ),
    "disk": (
        "more than 70% of the disk is in use, in 10 of 15 minutes.",
        {"metric_name": "DiskUtilization", "statistic": "Maximum", "threshold": 70},
    ),
}


def build(stack: Stack) -> None:
    """Add the same resources as `benchmarks.whole_endpoint.constructs`."""
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key)
    checkout = iam.CfnRole(
        stack, "Checkout", assume_role_policy_document=_trust("lambda.amazonaws.com")
    )
    role = iam.CfnRole(
        stack,
        "Role",
        assume_role_policy_document=_trust("sagemaker.amazonaws.com"),
        description="What SageMaker may do in the name of a model",
    )
    images_of = cdk.CfnMapping(stack, "Images", mapping=_accounts())
    account = images_of.find_in_map(cdk.Aws.REGION, "account")
    policy = iam.CfnPolicy(
        stack,
        "RolePolicy",
        policy_name="RolePolicy",
        roles=[role.ref],
        policy_document=_document(*_needs(account, bucket, key)),
    )
    model = _model(stack, role, account, bucket)
    model.add_resource_dependency(policy)
    config = _config(stack, model, bucket, key)
    endpoint = _endpoint(stack, config, role)
    endpoint.add_resource_dependency(policy)
    _scaling(stack, endpoint)
    for id_, (reported, options) in (_OF_REQUESTS | _OF_HOSTS).items():
        kind = _ERRORS if id_ in _OF_REQUESTS else _HOSTS
        text = f"Endpoint {NAME}, variant {VARIANT}: {reported}"
        _alarm(stack, id_, text, _dimensions(), {**kind, **options})
    CfnDashboard(
        stack,
        "Dashboard",
        dashboard_body=json.dumps(
            json.loads(_DASHBOARD.read_text("utf-8")), separators=(",", ":")
        ).replace("$REGION", cdk.Aws.REGION),
    )
    calls = ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"]
    iam.CfnPolicy(
        stack,
        "CheckoutPolicy",
        policy_name="CheckoutPolicy",
        roles=[checkout.ref],
        policy_document=_document(_allowed(calls, endpoint.attr_endpoint_arn)),
    )


def _model(stack: Stack, role: iam.CfnRole, account: str, bucket: s3.Bucket) -> CfnModel:
    host = f"{account}.dkr.ecr.{cdk.Aws.REGION}.{cdk.Aws.URL_SUFFIX}"
    return CfnModel(
        stack,
        "Model",
        execution_role_arn=role.attr_arn,
        primary_container=CfnModel.ContainerDefinitionProperty(
            image=f"{host}/sagemaker-xgboost:1.7-1",
            model_data_url=f"s3://{bucket.bucket_name}/models/fraud.tar.gz",
        ),
    )


def _config(stack: Stack, model: CfnModel, bucket: s3.Bucket, key: kms.Key) -> CfnEndpointConfig:
    return CfnEndpointConfig(
        stack,
        "Config",
        kms_key_id=key.key_arn,
        data_capture_config=CfnEndpointConfig.DataCaptureConfigProperty(
            capture_options=[
                CfnEndpointConfig.CaptureOptionProperty(capture_mode="Input"),
                CfnEndpointConfig.CaptureOptionProperty(capture_mode="Output"),
            ],
            destination_s3_uri=f"s3://{bucket.bucket_name}/captured/",
            initial_sampling_percentage=10,
            kms_key_id=key.key_arn,
        ),
        production_variants=[
            CfnEndpointConfig.ProductionVariantProperty(
                variant_name=VARIANT,
                model_name=model.attr_model_name,
                instance_type="ml.m5.xlarge",
                initial_instance_count=2,
            )
        ],
    )


def _endpoint(stack: Stack, config: CfnEndpointConfig, role: iam.CfnRole) -> CfnEndpoint:
    fleet = [
        CfnAlarm.DimensionProperty(
            name="EndpointConfigName", value=config.attr_endpoint_config_name
        ),
        *_dimensions(),
    ]
    alarms = [
        _alarm(
            stack,
            f"new-{id_}",
            f"New fleet of endpoint {NAME}: {reported}",
            fleet,
            _ERRORS | options,
        )
        for id_, (reported, options) in _OF_REQUESTS.items()
    ]
    describe = iam.CfnPolicy(
        stack,
        "DescribePolicy",
        policy_name="DescribePolicy",
        roles=[role.ref],
        policy_document=_document(
            _allowed("cloudwatch:DescribeAlarms", [alarm.attr_arn for alarm in alarms])
        ),
    )
    endpoint = CfnEndpoint(
        stack,
        "Endpoint",
        endpoint_name=NAME,
        endpoint_config_name=config.attr_endpoint_config_name,
        retain_all_variant_properties=True,
        exclude_retained_variant_properties=[
            CfnEndpoint.VariantPropertyProperty(variant_property_type="DesiredWeight")
        ],
        deployment_config=CfnEndpoint.DeploymentConfigProperty(
            auto_rollback_configuration=CfnEndpoint.AutoRollbackConfigProperty(
                alarms=[CfnEndpoint.AlarmProperty(alarm_name=alarm.ref) for alarm in alarms]
            ),
            blue_green_update_policy=CfnEndpoint.BlueGreenUpdatePolicyProperty(
                traffic_routing_configuration=CfnEndpoint.TrafficRoutingConfigProperty(
                    type="CANARY",
                    canary_size=CfnEndpoint.CapacitySizeProperty(type="CAPACITY_PERCENT", value=10),
                    wait_interval_in_seconds=600,
                )
            ),
        ),
    )
    endpoint.add_resource_dependency(describe)
    return endpoint


def _scaling(stack: Stack, endpoint: CfnEndpoint) -> None:
    target = CfnScalableTarget(
        stack,
        "Target",
        min_capacity=2,
        max_capacity=8,
        resource_id=f"endpoint/{endpoint.attr_endpoint_name}/variant/{VARIANT}",
        scalable_dimension="sagemaker:variant:DesiredInstanceCount",
        service_namespace="sagemaker",
    )
    CfnScalingPolicy(
        stack,
        "Policy",
        policy_name="Invocations",
        policy_type="TargetTrackingScaling",
        scaling_target_id=target.ref,
        target_tracking_scaling_policy_configuration=(
            CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty(
                target_value=1200,
                predefined_metric_specification=(
                    CfnScalingPolicy.PredefinedMetricSpecificationProperty(
                        predefined_metric_type="SageMakerVariantInvocationsPerInstance"
                    )
                ),
            )
        ),
    )


def _dimensions() -> list[CfnAlarm.DimensionProperty]:
    given = {"EndpointName": NAME, "VariantName": VARIANT}
    return [CfnAlarm.DimensionProperty(name=name, value=value) for name, value in given.items()]


def _alarm(
    stack: Stack,
    id_: str,
    text: str,
    dimensions: list[CfnAlarm.DimensionProperty],
    options: dict[str, Any],
) -> CfnAlarm:
    return CfnAlarm(
        stack,
        id_,
        alarm_description=text,
        comparison_operator="GreaterThanThreshold",
        dimensions=dimensions,
        period=60,
        treat_missing_data="notBreaching",
        **options,
    )


def _accounts() -> dict[str, dict[str, str]]:
    repository = images.find_repository("xgboost", "1.7-1")
    accounts = repository.accounts if repository else {}
    return {region: {"account": account} for region, account in accounts.items()}


def _needs(account: str, bucket: s3.Bucket, key: kms.Key) -> list[dict[str, Any]]:
    """Return the policy statements of the execution role."""
    here = f"{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}"
    repository = f"ecr:{cdk.Aws.REGION}:{account}:repository/sagemaker-xgboost"
    return [
        _allowed(
            [
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:PutLogEvents",
            ],
            f"arn:{cdk.Aws.PARTITION}:logs:{here}:log-group:/aws/sagemaker/*",
        ),
        _allowed(
            "cloudwatch:PutMetricData",
            "*",
            {"StringLike": {"cloudwatch:namespace": ["AWS/SageMaker", "/aws/sagemaker/*"]}},
        ),
        _allowed(
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            f"arn:{cdk.Aws.PARTITION}:{repository}",
        ),
        _allowed("ecr:GetAuthorizationToken", "*"),
        _allowed("s3:GetObject", f"{bucket.bucket_arn}/models/fraud.tar.gz"),
        _allowed(
            ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"], key.key_arn
        ),
        _allowed("kms:CreateGrant", key.key_arn, {"Bool": {"kms:GrantIsForAWSResource": "true"}}),
        _allowed(["s3:AbortMultipartUpload", "s3:PutObject"], f"{bucket.bucket_arn}/captured/*"),
    ]


def _allowed(actions: Any, resources: Any, condition: Any = None) -> dict[str, Any]:  # noqa: ANN401 - JSON
    statement = {"Action": actions, "Effect": "Allow", "Resource": resources}
    return {**statement, "Condition": condition} if condition else statement


def _document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Statement": list(statements), "Version": "2012-10-17"}


def _trust(service: str) -> dict[str, Any]:
    return _document(
        {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": service}}
    )


if __name__ == "__main__":
    whole = new_stack(Path(sys.argv[1]))
    build(whole)
    app_of(whole).synth()
    print("written", flush=True)
