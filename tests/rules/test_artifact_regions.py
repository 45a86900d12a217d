"""Rules on the regions of buckets, and on built-in algorithms without data."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from kit.requests import FULL_REQUESTS, changed
from kit.subjects import component, model, spec_of

from cdk_epc.rules import check
from cdk_epc.rules.advice import PEDANTIC
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.context import (
    ConfigContext,
    InferenceComponentContext,
    ModelContext,
    ReferencedModel,
)
from cdk_epc.spec.unresolved import Unresolved
from cdk_epc.templates.check import review_app
from cdk_epc.templates.template import TemplateInput

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:1"
UNKNOWN = "${Token[TOKEN.7]}"
REGION = "eu-west-1"
ERROR = ["artifact-other-region"]
WARNING = ["artifact-name-other-region"]
HTTPS = "https://s3.us-east-1.amazonaws.com"

URIS: dict[str, list[str]] = {
    "s3://b/model.tar.gz": [],
    f"{HTTPS}/b/model.tar.gz": ERROR,
    "https://s3-us-east-1.amazonaws.com/b/model.tar.gz": ERROR,
    "https://s3.dualstack.us-east-1.amazonaws.com/b/model.tar.gz": ERROR,
    "https://b.s3.us-east-1.amazonaws.com/model.tar.gz": ERROR,
    "https://b.s3.cn-north-1.amazonaws.com.cn/model.tar.gz": ERROR,
    "https://s3.eu-west-1.amazonaws.com/b/model.tar.gz": [],
    # The host decides, not the name.
    "https://s3.eu-west-1.amazonaws.com/sagemaker-us-east-1-111122223333/model.tar.gz": [],
    "https://s3.amazonaws.com/b/model.tar.gz": [],
    "https://b.s3.amazonaws.com/model.tar.gz": [],
    "https://example.com/b/model.tar.gz": [],
    "s3://of-the-app/model.tar.gz": ERROR,
    "s3://sagemaker-us-east-1-111122223333/model.tar.gz": WARNING,
    f"s3://sagemaker-us-east-1-111122223333/{UNKNOWN}/model.tar.gz": WARNING,
    f"s3://sagemaker-us-east-1-111122223333{UNKNOWN}/model.tar.gz": [],
    "s3://sagemaker-eu-west-1-111122223333/model.tar.gz": [],
    "s3://sagemaker-models-111122223333/model.tar.gz": [],
    "s3://jumpstart-cache-prod-us-east-1/model.tar.gz": WARNING,
    "s3://cdk-hnb659fds-assets-111122223333-us-east-1/0a1b.gz": WARNING,
    f"s3://{UNKNOWN}/model.tar.gz": [],
}


@pytest.mark.parametrize("uri", URIS)
def test_the_region_of_artifacts(uri: str) -> None:
    spec = model({"PrimaryContainer": {"Image": IMAGE, "ModelDataUrl": uri}})
    subject = ModelContext(model=spec, region=REGION, bucket_regions={"of-the-app": "us-east-1"})
    specification = {"Container": {"Image": IMAGE, "ArtifactUrl": uri}}
    of_component = InferenceComponentContext(
        component=component({"EndpointName": "e", "Specification": specification}),
        region=REGION,
        bucket_regions={"of-the-app": "us-east-1"},
    )
    for each, path in (
        (subject, "PrimaryContainer.ModelDataUrl"),
        (of_component, "Specification.Container.ArtifactUrl"),
    ):
        found = [(finding.rule_id, finding.path) for finding in check(each)]
        assert found == [(rule, path) for rule in URIS[uri]]
        assert check(attrs.evolve(each, region=None)) == []


def test_the_region_of_uncompressed_artifacts() -> None:
    source = {
        "S3Uri": "s3://sagemaker-us-east-1-111122223333/a/",
        "S3DataType": "S3Prefix",
        "CompressionType": "None",
    }
    container = {"Image": IMAGE, "ModelDataSource": {"S3DataSource": source}}
    (finding,) = check(ModelContext(model=model({"PrimaryContainer": container}), region=REGION))
    assert finding.message == (
        "the bucket of S3Uri is in us-east-1; must be in eu-west-1, the region of the deployment"
    )


def test_the_region_of_destinations() -> None:
    places = {
        "DataCaptureConfig.DestinationS3Uri": ("instances", 1),
        "AsyncInferenceConfig.OutputConfig.S3OutputPath": ("asynchronous", 1),
        "AsyncInferenceConfig.OutputConfig.S3FailurePath": ("asynchronous", 1),
    }
    found = {}
    for at, (name, _) in places.items():
        request = changed(FULL_REQUESTS[name], at, "s3://sagemaker-us-east-1-111122223333/a")
        subject = ConfigContext(config=spec_of(EndpointConfigSpec, request), region=REGION)
        findings = [each for each in check(subject) if each.rule_id == "destination-other-region"]
        found[at] = (name, len(findings))
        assert [each.path for each in findings] == [at]
    assert found == places


def test_destinations_that_are_not_judged() -> None:
    other = "s3://sagemaker-us-east-1-111122223333/a"
    unknown = Unresolved({"Ref": "Any"})
    place = "DataCaptureConfig.DestinationS3Uri"
    for name, at, value, region, is_found in (
        ("instances", place, other, REGION, True),
        ("instances", place, f"{HTTPS}/b/a", REGION, True),
        ("instances", place, other, "us-east-1", False),
        ("instances", place, other, None, False),
        ("instances", place, "s3://amzn-s3-demo-bucket/a", REGION, False),
        ("instances", "DataCaptureConfig", unknown, REGION, False),
        ("asynchronous", "AsyncInferenceConfig", unknown, REGION, False),
        ("asynchronous", "AsyncInferenceConfig.OutputConfig", unknown, REGION, False),
    ):
        config = spec_of(EndpointConfigSpec, changed(FULL_REQUESTS[name], at, value))
        findings = check(ConfigContext(config=config, region=region))
        rules = [each.rule_id for each in findings if each.rule_id.endswith("other-region")]
        assert rules == (["destination-other-region"] if is_found else []), (at, value, region)


def test_the_region_of_a_bucket_construct() -> None:
    place = ("containers", 1)
    for url, where, region, is_found in (
        (UNKNOWN, place, "us-east-1", True),
        (UNKNOWN, place, REGION, False),
        (UNKNOWN, place, None, False),
        (UNKNOWN, ("containers", 0), "us-east-1", False),
        (None, place, "us-east-1", False),
        # The URI decides where it has a region.
        (f"{HTTPS}/b/model.tar.gz", place, REGION, True),
    ):
        data = {} if url is None else {"ModelDataUrl": url}
        spec = model({"Containers": [{"Image": IMAGE}, {"Image": IMAGE, **data}]})
        known = {where: lambda region=region: region}
        subject = ModelContext(model=spec, region=REGION, data_regions=known)
        rules = [(each.rule_id, each.path) for each in check(subject)]
        found = [path for rule, path in rules if rule == "artifact-other-region"]
        assert found == (["Containers[1].ModelDataUrl"] if is_found else []), (url, where, region)


def test_a_bucket_that_the_app_has_may_have_any_name() -> None:
    name = "sagemaker-us-east-1-111122223333"
    containers = [
        {"Image": IMAGE, "ModelDataUrl": f"s3://{each}/a.tar.gz", "ContainerHostname": host}
        for each, host in ((UNKNOWN, "a"), (name, "b"))
    ]
    spec = model({"Containers": containers})
    named = check(ModelContext(model=spec, region=REGION))
    assert [(each.rule_id, each.path) for each in named] == [
        ("artifact-name-other-region", "Containers[1].ModelDataUrl")
    ]
    assert check(ModelContext(model=spec, region=REGION, bucket_regions={name: REGION})) == []


def template_of(type_: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": {"It": {"Type": type_, "Properties": properties}}}


def test_a_bucket_of_the_app_has_the_region_of_its_template() -> None:
    properties = {
        "ExecutionRoleArn": "arn:aws:iam::111122223333:role/scorer",
        "PrimaryContainer": {"Image": IMAGE, "ModelDataUrl": "s3://acme-models/model.tar.gz"},
    }
    templates = [
        TemplateInput(
            template=template_of("AWS::SageMaker::Model", properties), name="model", region=REGION
        ),
        *(
            TemplateInput(
                template=template_of("AWS::S3::Bucket", {"BucketName": name}),
                name=region,
                region=region,
            )
            for name, region in (("acme-models", "us-east-1"), ({"Ref": "Name"}, "us-east-2"))
        ),
    ]
    two_regions = attrs.evolve(templates[1], name="us-west-2", region="us-west-2")
    found = {}
    for case, inputs in {
        "one region": templates,
        "only the model": templates[:1],
        "its own region": [*templates[:1], attrs.evolve(templates[1], region=REGION)],
        "two regions": [*templates, two_regions],
    }.items():
        reports = review_app(inputs)
        found[case] = [each.rule_id for report in reports for each in report.findings]
    assert found == {
        "one region": ERROR,
        "only the model": [],
        "its own region": [],
        "two regions": [],
    }


ALGORITHM = "438346466558.dkr.ecr.eu-west-1.amazonaws.com/knn:1"
DATA = {"ModelDataUrl": "s3://b/model.tar.gz"}
ALGORITHMS: dict[str, tuple[dict[str, Any], bool]] = {
    "no data": ({"Image": ALGORITHM}, True),
    "data": ({"Image": ALGORITHM, **DATA}, False),
    "unknown data": ({"Image": ALGORITHM, "ModelDataUrl": UNKNOWN}, False),
    "another version": ({"Image": ALGORITHM.replace(":1", ":1.7-1")}, False),
    "an image that may run a script": (
        {"Image": "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"},
        False,
    ),
    "a copy of the image": ({"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/knn:1"}, False),
    "an unknown mode": ({"Image": ALGORITHM, "Mode": UNKNOWN}, False),
}


@pytest.mark.parametrize("case", ALGORITHMS)
def test_a_built_in_algorithm_needs_data(case: str) -> None:
    container, is_missing = ALGORITHMS[case]
    spec = model({"PrimaryContainer": container})
    config = spec_of(
        EndpointConfigSpec,
        {
            "ProductionVariants": [
                {
                    "VariantName": "main",
                    "ModelName": "m",
                    "InstanceType": "ml.m5.xlarge",
                    "InitialInstanceCount": 1,
                }
            ]
        },
    )
    hosted = ReferencedModel(model=spec, logical_id="M")
    subjects = {
        "alone": ModelContext(model=spec),
        "with variants": ModelContext(model=spec, variants=(config.variants()[0][1],)),
        "hosted": ConfigContext(
            config=config, models={("production_variants", 0, "model_name"): hosted}
        ),
        "in a component": InferenceComponentContext(
            component=component({"EndpointName": "e", "Specification": {"ModelName": "m"}}),
            models={("specification", "model_name"): hosted},
        ),
    }
    found = {
        name: [each.rule_id for each in check(subject) if "algorithm" in each.rule_id]
        for name, subject in subjects.items()
    }
    error = ["hosted-algorithm-data-missing"] if is_missing else []
    assert found == {
        "alone": ["algorithm-data-missing"] if is_missing else [],
        "with variants": [],
        "hosted": error,
        "in a component": error,
    }


def test_the_container_of_a_component_needs_data() -> None:
    specification = {"Container": {"Image": ALGORITHM}}
    subject = InferenceComponentContext(
        component=component({"EndpointName": "e", "Specification": specification})
    )
    assert [(each.rule_id, each.path) for each in check(subject)] == [
        ("hosted-algorithm-data-missing", "Specification.Container.ArtifactUrl")
    ]


DLC = "763104351884.dkr.ecr.eu-west-1.amazonaws.com"
TGI = f"{DLC}/huggingface-pytorch-tgi-inference:2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04"
IDLE: dict[str, tuple[str, dict[str, Any], str, bool]] = {
    "by default": (f"{DLC}/sglang:0.5.5-gpu-py312", {}, "ml.g5.12xlarge", True),
    "one": (
        f"{DLC}/vllm:0.19-gpu-py312",
        {"SM_VLLM_TENSOR_PARALLEL_SIZE": "1"},
        "ml.g5.12xlarge",
        True,
    ),
    "all": (
        f"{DLC}/vllm:0.19-gpu-py312",
        {"SM_VLLM_TENSOR_PARALLEL_SIZE": "4"},
        "ml.g5.12xlarge",
        False,
    ),
    "unknown": (
        f"{DLC}/vllm:0.19-gpu-py312",
        {"SM_VLLM_TENSOR_PARALLEL_SIZE": UNKNOWN},
        "ml.g5.12xlarge",
        False,
    ),
    "one GPU": (f"{DLC}/vllm:0.19-gpu-py312", {}, "ml.g5.2xlarge", False),
    "TGI takes all": (TGI, {}, "ml.g5.12xlarge", False),
    "TGI for Neuron": (
        f"{DLC}/huggingface-pytorch-tgi-inference:1.13.1-optimum0.0.19-neuronx-py310",
        {"SM_NUM_GPUS": "1"},
        "ml.g5.12xlarge",
        False,
    ),
    "one of TGI": (TGI, {"SM_NUM_GPUS": "1"}, "ml.g5.12xlarge", True),
    "another image": (IMAGE, {}, "ml.g5.12xlarge", False),
}


@pytest.mark.parametrize("case", IDLE)
def test_idle_gpus(case: str) -> None:
    image, environment, type_, is_idle = IDLE[case]
    spec = model({"PrimaryContainer": {"Image": image, "Environment": environment}})
    variant = {"VariantName": "main", "ModelName": "m", "InstanceType": type_}
    subject = ConfigContext(
        config=spec_of(EndpointConfigSpec, {"ProductionVariants": [variant]}),
        models={
            ("production_variants", 0, "model_name"): ReferencedModel(model=spec, logical_id="M")
        },
    )
    rules = [each.rule_id for each in check(subject, PEDANTIC)]
    assert rules == (["gpus-idle"] if is_idle else [])


@pytest.mark.parametrize(
    ("container", "rules"),
    [
        ({"ModelDataUrl": "s3://b/sqlcoder"}, ["model-data-without-extension"]),
        ({"ModelDataUrl": "s3://b/model.tar.gz"}, []),
        ({"ModelDataUrl": f"s3://b/{UNKNOWN}"}, []),
        ({"ModelDataUrl": f"s3://b/{UNKNOWN}model"}, []),
        ({"ModelDataUrl": "s3://b/sqlcoder", "Mode": "MultiModel"}, []),
        ({"Environment": {"INSTANCE_TYPE": "a"}}, ["custom-environment-variable-ignored"]),
        ({"Image": TGI, "Environment": {"INSTANCE_TYPE": "a"}}, []),
    ],
)
def test_advice_on_a_container(container: dict[str, Any], rules: list[str]) -> None:
    spec = model({"PrimaryContainer": {"Image": IMAGE, **container}})
    assert [each.rule_id for each in check(spec, PEDANTIC)] == rules
