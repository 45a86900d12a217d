"""Models that cannot start on a variant or an endpoint are refused by the call that joins them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from kit.cdk import STRICT
from kit.components import component_in, endpoint_in
from kit.endpoints import refused_findings

from cdk_epc import (
    ComponentContainer,
    ComputeRequirements,
    Container,
    EndpointConfig,
    InstancePool,
    InstanceType,
    InstanceVariant,
    Model,
    ModelData,
    S3Location,
    acknowledge,
)

Build = Callable[[cdk.Stack], object]

REGISTRY: Final = "763104351884.dkr.ecr.eu-west-1.amazonaws.com"
XGBOOST: Final = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
LEARNER: Final = "438346466558.dkr.ecr.eu-west-1.amazonaws.com/linear-learner:1"
TENSORFLOW_GPU: Final = f"{REGISTRY}/tensorflow-inference:2.19.0-gpu-py312"
VLLM: Final = f"{REGISTRY}/vllm:0.30.0-gpu-py312-cu130-ubuntu24.04-sagemaker"
OWN: Final = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
OTHER: Final = "444455556666.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
PACKAGE: Final = "arn:aws:sagemaker:eu-west-1:985815980388:model-package/seller-model"
COMPUTE: Final = ComputeRequirements(cpu_cores=1, min_memory=cdk.Size.gibibytes(1))
HUB: Final = {"SM_VLLM_MODEL": "acme/llm"}
M5, C7G = InstanceType.ML_M5_LARGE, InstanceType.ML_C7G_LARGE
G5, P3, G6E = InstanceType.ML_G5_XLARGE, InstanceType.ML_P3_2XLARGE, InstanceType.ML_G6E_XLARGE


def new_stack() -> cdk.Stack:
    environment = cdk.Environment(account="111122223333", region="eu-west-1")
    return cdk.Stack(cdk.App(analytics_reporting=False, context=STRICT), "Stack", env=environment)


def model(
    scope: cdk.Stack, image: str | None, *, network_isolation: bool | None = None, **options: Any
) -> Model:
    container = Container(image=image, **options)
    return Model(scope, "Model", container=container, network_isolation=network_isolation)


def variant(given: Model, *types: InstanceType, **options: Any) -> InstanceVariant:
    pools = [InstancePool(each, priority=index) for index, each in enumerate(types, 1)]
    return InstanceVariant(
        "main",
        model=given,
        instance_type=pools if len(pools) > 1 else types[0],
        initial_instance_count=1,
        **options,
    )


def on(*types: InstanceType, image: str, **container: Any) -> Build:
    """Return a call that runs an image on instance types, with the value of a variant."""

    def call(scope: cdk.Stack) -> object:
        given = model(scope, image, **container)
        return EndpointConfig(scope, "Config", production_variants=[variant(given, *types)])

    return call


def by_method(instance_type: InstanceType, image: str, *, shadow: bool = False) -> Build:
    def call(scope: cdk.Stack) -> object:
        config = EndpointConfig(scope, "Config")
        add = config.add_shadow_variant if shadow else config.add_instance_variant
        given = model(scope, image)
        return add("main", model=given, instance_type=instance_type, initial_instance_count=1)

    return call


def overridden(scope: cdk.Stack) -> object:
    """Add a variant one of whose pools runs another model."""
    config = EndpointConfig(scope, "Config")
    other = Model(scope, "Other", container=Container(image=TENSORFLOW_GPU))
    return config.add_instance_variant(
        "main",
        model=model(scope, OWN),
        instance_type=[
            InstancePool(G5, priority=1),
            InstancePool(M5, priority=2, model_override=other),
        ],
        initial_instance_count=1,
    )


def default_image(scope: cdk.Stack) -> object:
    """Choose the default machine image for an image with CUDA 13."""
    given = variant(model(scope, VLLM, environment=HUB), G5, inference_ami_version="default")
    return EndpointConfig(scope, "Config", production_variants=[given])


def serverless(image: str | None, **container: Any) -> Build:
    def call(scope: cdk.Stack) -> object:
        return EndpointConfig(scope, "Config").add_serverless_variant(
            "main",
            model=model(scope, image, **container),
            memory_size=cdk.Size.gibibytes(2),
            max_concurrency=5,
        )

    return call


def asynchronous(scope: cdk.Stack) -> object:
    """Make an endpoint with a Marketplace model asynchronous, by the second call."""
    given = model(scope, None, model_package=PACKAGE, network_isolation=True)
    config = EndpointConfig(scope, "Config", production_variants=[variant(given, M5)])
    return config.enable_async_inference(output_path="s3://amzn-s3-demo-bucket/responses")


def component(image: str, instance_type: InstanceType, **options: Any) -> Build:
    """Return a call that runs a container in an inference component."""

    def call(scope: cdk.Stack) -> object:
        environment = options.pop("environment", None)
        endpoint = endpoint_in(
            scope, instance_type=instance_type, inference_ami_version=options.pop("ami", None)
        )
        if options.pop("isolated", False):
            endpoint.config.isolate_network()  # type: ignore[union-attr]
        container = ComponentContainer(image=image, environment=environment)
        return component_in(scope, endpoint, container=container, compute=COMPUTE, **options)

    return call


def own_model(scope: cdk.Stack) -> object:
    """Run a container whose artifacts need a model, which the component creates."""
    data = ModelData.from_s3_folder("s3://amzn-s3-demo-bucket/model/")
    container = ComponentContainer(image=TENSORFLOW_GPU, artifact=data)
    endpoint = endpoint_in(scope, instance_type=M5)
    return component_in(scope, endpoint, container=container, compute=COMPUTE)


def elsewhere(scope: cdk.Stack) -> s3.IBucket:
    """Return a bucket in another region than the stack."""
    other = cdk.Environment(account="111122223333", region="us-east-1")
    stack = cdk.Stack(scope.node.root, "Other", env=other)
    return s3.Bucket(stack, "Bucket", bucket_name="amzn-s3-demo-bucket")


def imported(scope: cdk.Stack) -> s3.IBucket:
    """Return an imported bucket in another region."""
    return s3.Bucket.from_bucket_attributes(
        scope, "B", bucket_name="fraud-models", region="us-east-1"
    )


def data_of(bucket: Callable[[cdk.Stack], s3.IBucket]) -> Build:
    def call(scope: cdk.Stack) -> object:
        return model(scope, OWN, model_data=S3Location(bucket(scope), "fraud.tar.gz"))

    return call


def folder_of_component(scope: cdk.Stack) -> object:
    data = ModelData.from_s3_folder(S3Location(elsewhere(scope), "fraud/"))
    return component_in(scope, container=ComponentContainer(image=OWN, artifact=data))


def artifact_of_component(scope: cdk.Stack) -> object:
    artifact = S3Location(elsewhere(scope), "fraud.tar.gz")
    return component_in(scope, container=ComponentContainer(image=OWN, artifact=artifact))


METHOD: Final = 'add_instance_variant("main")'
VALUE: Final = "production_variants[0]"
SERVERLESS: Final = 'add_serverless_variant("main").model'
IMAGE: Final = "container.image"
CASES: Final[list[tuple[Build, str, str]]] = [
    (on(C7G, image=XGBOOST), "x86-image-on-arm64", f"{VALUE}.instance_type"),
    (on(M5, C7G, image=XGBOOST), "x86-image-on-arm64", f"{VALUE}.instance_type[1].instance_type"),
    (by_method(C7G, XGBOOST), "x86-image-on-arm64", f"{METHOD}.instance_type"),
    (
        by_method(C7G, XGBOOST, shadow=True),
        "x86-image-on-arm64",
        'add_shadow_variant("main").instance_type',
    ),
    (by_method(M5, TENSORFLOW_GPU), "gpu-image-without-gpu", f"{METHOD}.instance_type"),
    (overridden, "gpu-image-without-gpu", f"{METHOD}.instance_type[1].instance_type"),
    (
        on(P3, image=VLLM, environment=HUB),
        "cuda-13-image-without-ami",
        f"{VALUE}.instance_type",
    ),
    (default_image, "cuda-13-image-without-ami", f"{VALUE}.instance_type"),
    (by_method(M5, LEARNER), "hosted-algorithm-data-missing", f"{METHOD}.model"),
    (serverless(OTHER), "serverless-image-other-account", SERVERLESS),
    (serverless(OWN, network_isolation=True), "serverless-with-isolated-model", SERVERLESS),
    (
        serverless(OWN, model_data=ModelData.from_s3_folder("s3://amzn-s3-demo-bucket/model/")),
        "serverless-with-model-feature",
        SERVERLESS,
    ),
    (asynchronous, "async-with-marketplace", f"{VALUE}.model"),
    (component(XGBOOST, C7G), "x86-image-on-arm64", IMAGE),
    (component(TENSORFLOW_GPU, M5), "gpu-image-without-gpu", IMAGE),
    (component(LEARNER, M5), "hosted-algorithm-data-missing", "container.artifact"),
    (
        component(VLLM, G5, environment=HUB),
        "cuda-13-image-without-ami",
        IMAGE,
    ),
    (
        component(
            VLLM, G5, ami="al2023-ami-sagemaker-inference-gpu-4-1", environment=HUB, isolated=True
        ),
        "hub-model-with-isolation",
        "container.environment['SM_VLLM_MODEL']",
    ),
    (
        component(OWN.replace("eu-west-1", "us-east-1"), M5),
        "model-image-other-region",
        IMAGE,
    ),
    (
        component(XGBOOST.replace("141502667606", "683313688378"), M5),
        "model-image-account-other-region",
        IMAGE,
    ),
    (own_model, "gpu-image-without-gpu", "model"),
    (data_of(elsewhere), "artifact-other-region", "container.model_data"),
    (data_of(imported), "artifact-other-region", "container.model_data"),
    (artifact_of_component, "artifact-other-region", "container.artifact"),
    (folder_of_component, "artifact-other-region", "container.model_data"),
]


def test_each_kind_is_refused_by_its_call() -> None:
    for build, rule_id, label in CASES:
        stack = new_stack()
        (finding,) = refused_findings(lambda build=build, stack=stack: build(stack))
        assert (finding.rule_id, finding.path) == (rule_id, label)
        assert finding.file == __file__ or finding.file.endswith("components.py")
        assert stack.node.try_find_child("Assistant") is None


def test_acknowledged_error_is_accepted_and_kept() -> None:
    stack = new_stack()
    acknowledge(stack, "gpu-image-without-gpu", reason="The image was changed.")
    config = by_method(M5, TENSORFLOW_GPU)(stack)
    assert [each.rule_id for each in config.config.acknowledged] == ["gpu-image-without-gpu"]


def test_models_that_fit_are_accepted() -> None:
    for build in (
        on(M5, image=XGBOOST),
        on(G5, image=TENSORFLOW_GPU),
        on(G5, G6E, image=VLLM, environment=HUB),
        serverless(OWN),
        component(XGBOOST, M5),
        data_of(lambda scope: s3.Bucket(scope, "Bucket")),
        data_of(lambda scope: s3.Bucket.from_bucket_name(scope, "Bucket", "fraud-models")),
    ):
        build(new_stack())
