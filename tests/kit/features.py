"""Small configurations, one for each feature, for snapshots and oracles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aws_cdk import Duration, Size, Stack, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk.aws_sagemaker import CfnModel

from cdk_epc import (
    BaselineMimeType,
    CapacityReservation,
    CaptureMode,
    ClarifyText,
    CoreDump,
    EndpointConfig,
    FeatureType,
    InferenceAmiVersion,
    InferenceResponseIn,
    InstancePool,
    InstanceType,
    InstanceVariant,
    ManagedInstanceScaling,
    Routing,
    S3Location,
    ScaleIn,
    ServerlessVariant,
    ShapBaseline,
    TextGranularity,
    TextLanguage,
)

Feature = Callable[[Stack], EndpointConfig]

PLAN = "arn:aws:sagemaker:eu-west-1:111122223333:training-plan/spring"


def model(stack: Stack, name: str = "Model") -> CfnModel:
    """Add a model to a stack."""
    role = iam.Role.from_role_name(stack, f"{name}Role", "sagemaker")
    return CfnModel(stack, name, execution_role_arn=role.role_arn)


def role(stack: Stack) -> iam.IRole:
    """Add a role that SageMaker may assume."""
    return iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))


def ab_test(stack: Stack) -> EndpointConfig:
    config = EndpointConfig(stack, "Config")
    config.add_instance_variant(
        "blue",
        model=model(stack),
        instance_type=InstanceType.ML_M5_LARGE,
        initial_instance_count=2,
        initial_weight=2,
    )
    config.add_instance_variant(
        "green",
        model="challenger",
        instance_type=InstanceType.ML_C7G_LARGE,
        initial_instance_count=1,
        initial_weight=1,
    )
    return config


def constructor(stack: Stack) -> EndpointConfig:
    """Add the configuration of `ab_test`, by arguments of the constructor."""
    return EndpointConfig(
        stack,
        "Config",
        production_variants=[
            InstanceVariant(
                "blue",
                model=model(stack),
                instance_type=InstanceType.ML_M5_LARGE,
                initial_instance_count=2,
                initial_weight=2,
            ),
            InstanceVariant(
                "green",
                model="challenger",
                instance_type=InstanceType.ML_C7G_LARGE,
                initial_instance_count=1,
                initial_weight=1,
            ),
        ],
    )


def every_instance_setting(stack: Stack) -> EndpointConfig:
    config = EndpointConfig(stack, "Config")
    config.add_instance_variant(
        "all",
        model="model",
        instance_type=InstanceType.ML_P4D_24XLARGE,
        initial_instance_count=2,
        initial_weight=0.5,
        enable_ssm_access=False,
        routing=Routing.prefix_aware(prefix_length=4096, concurrency_threshold=10),
        model_data_download_timeout=Duration.minutes(10),
        container_startup_health_check_timeout=Duration.seconds(90),
        inference_ami_version=InferenceAmiVersion.AL2023_GPU_4_1,
        core_dump=CoreDump("s3://dumps/all/", encryption_key="alias/dumps"),
        capacity_reservation=CapacityReservation(PLAN),
    )
    config.add_instance_variant(
        "idle",
        model="model",
        instance_type=InstanceType.ML_INF2_24XLARGE,
        initial_instance_count=1,
        initial_weight=0,
        volume_size=Size.gibibytes(256),
        routing=Routing.least_outstanding_requests(),
    )
    return config


def instance_pools(stack: Stack) -> EndpointConfig:
    config = EndpointConfig(stack, "Config")
    config.add_instance_variant(
        "pooled",
        model="model",
        instance_type=[
            InstancePool(InstanceType.ML_G6_24XLARGE, priority=1),
            InstancePool(
                InstanceType.ML_INF2_24XLARGE, priority=2, model_override=model(stack, "Compiled")
            ),
        ],
        initial_instance_count=1,
        instance_provision_timeout=Duration.hours(1),
        routing=Routing.random(),
    )
    return config


def serverless(stack: Stack) -> EndpointConfig:
    return EndpointConfig(
        stack,
        "Config",
        production_variants=[
            ServerlessVariant(
                "only",
                model=model(stack),
                memory_size=Size.gibibytes(4),
                max_concurrency=20,
                provisioned_concurrency=5,
                initial_weight=1,
            )
        ],
        encryption_key="alias/images",
    )


def inference_components(stack: Stack) -> EndpointConfig:
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2, nat_gateways=0)
    config = EndpointConfig(stack, "Config", execution_role=role(stack))
    config.add_inference_component_variant(
        "hosts",
        instance_type=InstanceType.ML_G6_12XLARGE,
        initial_instance_count=1,
        managed_instance_scaling=ManagedInstanceScaling(
            min_instance_count=0,
            max_instance_count=4,
            scale_in=ScaleIn.consolidation(maximum_step_size=2, cooldown=Duration.minutes(15)),
        ),
    )
    config.place_in_vpc(
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        security_groups=[ec2.SecurityGroup(stack, "Group", vpc=vpc, allow_all_outbound=False)],
    )
    config.isolate_network()
    return config


def shadow_test(stack: Stack) -> EndpointConfig:
    config = EndpointConfig(stack, "Config")
    for add, name in ((config.add_instance_variant, "live"), (config.add_shadow_variant, "next")):
        add(
            name,
            model=name,
            instance_type=InstanceType.ML_M5_XLARGE,
            initial_instance_count=1,
            initial_weight=1 if name == "live" else 0.5,
        )
    return config


def asynchronous(stack: Stack) -> EndpointConfig:
    config = _one_variant(stack)
    config.enable_async_inference(
        output_path=S3Location(s3.Bucket(stack, "Bucket"), "answers/"),
        failure_path="s3://failures/",
        success_topic=sns.Topic(stack, "Success"),
        error_topic="arn:aws-cn:sns:cn-north-1:111122223333:errors",
        include_inference_response_in=[InferenceResponseIn.SUCCESS_NOTIFICATION_TOPIC],
        encryption_key=kms.Key(stack, "Key"),
        max_concurrent_invocations_per_instance=4,
    )
    return config


def data_capture(stack: Stack) -> EndpointConfig:
    config = _one_variant(stack)
    config.capture_data(
        destination=S3Location(s3.Bucket(stack, "Bucket"), "captured"),
        sampling_percentage=0,
        capture=[CaptureMode.INPUT_AND_OUTPUT],
        csv_content_types=["text/csv"],
        json_content_types=["application/json", "application/jsonlines"],
        encryption_key="1234abcd-12ab-34cd-56ef-1234567890ab",
        enabled=True,
    )
    return config


def clarify(stack: Stack) -> EndpointConfig:
    config = _one_variant(stack)
    config.explain_with_clarify(
        baseline=ShapBaseline.from_s3(
            S3Location(s3.Bucket(stack, "Bucket"), "baseline.jsonl"),
            mime_type=BaselineMimeType.JSON_LINES,
        ),
        enable_explanations="`true`",
        number_of_samples=100,
        use_logit=True,
        seed=0,
        text=ClarifyText(language=TextLanguage.ENGLISH, granularity=TextGranularity.SENTENCE),
        feature_headers=["age", "note"],
        feature_types=[FeatureType.NUMERICAL, FeatureType.TEXT],
        features_attribute="features",
        content_template='{"features": $features}',
        max_record_count=10,
        max_payload_in_mb=6,
        probability_attribute="score",
        label_attribute="label",
        label_headers=["yes", "no"],
    )
    return config


def clarify_csv(stack: Stack) -> EndpointConfig:
    config = _one_variant(stack)
    config.explain_with_clarify(
        baseline=ShapBaseline.inline("1,2,3"), probability_index=0, label_index=1
    )
    return config


def metrics(stack: Stack) -> EndpointConfig:
    config = _one_variant(stack)
    config.publish_metrics(
        enhanced=True, detailed_observability=False, publish_frequency=Duration.seconds(10)
    )
    return config


def tags_and_key(stack: Stack) -> EndpointConfig:
    config = _one_variant(
        stack, tags={"team": "fraud", "empty": ""}, encryption_key=kms.Key(stack, "Key")
    )
    Tags.of(config).add("stage", "test")
    return config


def hashed_name(stack: Stack) -> EndpointConfig:
    return _one_variant(stack, endpoint_config_name_prefix="fraud")


def _one_variant(stack: Stack, **options: object) -> EndpointConfig:
    config = EndpointConfig(stack, "Config", **options)  # type: ignore[arg-type]  # by the caller
    config.add_instance_variant(
        "only", model="model", instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
    )
    return config


FEATURES: Final[dict[str, Feature]] = {
    feature.__name__: feature
    for feature in (
        ab_test,
        constructor,
        every_instance_setting,
        instance_pools,
        serverless,
        inference_components,
        shadow_test,
        asynchronous,
        data_capture,
        clarify,
        clarify_csv,
        metrics,
        tags_and_key,
        hashed_name,
    )
}
