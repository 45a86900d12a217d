"""Uses of the API that a strict type checker accepts. Nothing here is ever run."""

from __future__ import annotations

from typing import Unpack

from aws_cdk import Duration, Size
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk.aws_sagemaker import CfnEndpointConfig
from constructs import Construct

from cdk_epc import (
    AsyncInference,
    ComponentContainer,
    ComputeRequirements,
    Container,
    ContainerImage,
    CoreDump,
    DataCapture,
    Deployment,
    Endpoint,
    EndpointConfig,
    EndpointConfigDataCapture,
    EndpointConfigOptions,
    EndpointOptions,
    InferenceComponent,
    InferenceComponentOptions,
    InstancePool,
    InstanceType,
    InstanceVariant,
    Model,
    ModelData,
    ModelOptions,
    S3Location,
    VpcPlacement,
)


class CompanyConfig(EndpointConfig):
    """Policy that passes options on."""

    def __init__(
        self, scope: Construct, construct_id: str, **options: Unpack[EndpointConfigOptions]
    ) -> None:
        """Create the configuration."""
        options.setdefault("network_isolation", True)
        options["tags"] = {"team": "fraud", **(options.get("tags") or {})}
        super().__init__(scope, construct_id, **options)


class CompanyModel(Model):
    """Policy of models."""

    def __init__(
        self, scope: Construct, construct_id: str, **options: Unpack[ModelOptions]
    ) -> None:
        """Create the model."""
        super().__init__(scope, construct_id, **options)


class CompanyEndpoint(Endpoint):
    """Policy of endpoints."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        endpoint_config: EndpointConfig,
        **options: Unpack[EndpointOptions],
    ) -> None:
        """Create the endpoint."""
        super().__init__(scope, construct_id, endpoint_config=endpoint_config, **options)


class CompanyComponent(InferenceComponent):
    """Policy of components."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        endpoint: Endpoint,
        **options: Unpack[InferenceComponentOptions],
    ) -> None:
        """Create the component."""
        super().__init__(scope, construct_id, endpoint=endpoint, **options)


def concrete_constructs(  # noqa: PLR0913, PLR0917 - one construct of each kind
    scope: Construct,
    bucket: s3.Bucket,
    key: kms.Key,
    role: iam.Role,
    topic: sns.Topic,
    vpc: ec2.Vpc,
    group: ec2.SecurityGroup,
    alarm: cloudwatch.Alarm,
    caller: lambda_.Function,
) -> None:
    """Constructs of CDK are passed as they are, and not as their interfaces."""
    archive = S3Location(bucket, "fraud/7/model.tar.gz")
    image = ContainerImage.from_private_registry("registry.example.com/a:1", credentials=caller)
    model = CompanyModel(
        scope,
        "Model",
        container=Container(image=image, model_data=ModelData.from_s3(archive)),
        execution_role=role,
        vpc=vpc,
        security_groups=[group],
    )
    Model(
        scope,
        "ByIds",
        container=Container(image="image", model_data=archive),
        vpc=VpcPlacement(subnet_ids=["subnet-1"], security_group_ids=["sg-1"]),
    )
    config = CompanyConfig(
        scope,
        "Config",
        production_variants=[
            InstanceVariant(
                "pools",
                model=model,
                instance_type=[
                    InstancePool("ml.g5.xlarge", priority=1),
                    InstancePool(InstanceType.ML_G6_XLARGE, priority=2),
                ],
                initial_instance_count=1,
                core_dump=CoreDump(S3Location("bucket", "dumps/"), encryption_key=key),
            )
        ],
        async_inference=AsyncInference(
            input_path="s3://bucket/in/",
            output_path=S3Location("s3://bucket", "out/"),
            success_topic=topic,
            encryption_key=key,
        ),
        encryption_key=key,
        execution_role=role,
    )
    config.place_in_vpc(vpc, vpc_subnets=ec2.SubnetSelection(one_per_az=True))
    main = config.add_instance_variant(
        "main",
        model=model,
        instance_type="ml.m5.xlarge",
        initial_instance_count=1,
        volume_size=Size.gibibytes(20),
    )
    endpoint = CompanyEndpoint(
        scope,
        "Endpoint",
        endpoint_config=config,
        deployment=Deployment.all_at_once(),
        rollback_alarms=[alarm, "by-name"],
    )
    main.auto_scale(1, 4).scale_on_invocations(600, scale_in_cooldown=Duration.minutes(5))
    main.metric_model_latency(period=Duration.minutes(5))
    latency = endpoint.metric_model_latency()
    latency.create_alarm(scope, "Slow", threshold=1_000_000, evaluation_periods=3)
    cloudwatch.GraphWidget(left=[latency])
    endpoint.roll_back_on(endpoint.add_recommended_alarms(notify=topic), alarm)
    endpoint.grant_invoke(caller)
    CompanyComponent(
        scope,
        "Component",
        endpoint=endpoint,
        container=ComponentContainer(image="image", artifact=archive),
        compute=ComputeRequirements(min_memory=Size.gibibytes(8)),
        rollback_alarms=[alarm],
    )
    capture = DataCapture(destination=S3Location(bucket, "captured/"), sampling_percentage=10)
    raw = CfnEndpointConfig(scope, "Raw", production_variants=[])
    raw.with_(EndpointConfigDataCapture(capture, roles=[role]))
    config.with_(EndpointConfigDataCapture(capture))
