"""Rules on images in templates: what is judged and what is not, beyond the examples."""

from __future__ import annotations

from typing import Any

import pytest
from kit.subjects import spec_of

from cdk_epc import PEDANTIC_RULES, check_template
from cdk_epc.catalog.image_references import ImageHost, ImageReference
from cdk_epc.catalog.images import data
from cdk_epc.catalog.regions import url_suffix_of
from cdk_epc.rules import check
from cdk_epc.rules._container_images import image_of
from cdk_epc.rules.images import is_image_outside_ecr
from cdk_epc.spec import ContainerDefinition, EndpointConfigSpec, ModelSpec
from cdk_epc.spec.context import ConfigContext, ReferencedModel
from cdk_epc.spec.unresolved import ImageUri

DLC = "763104351884.dkr.ecr.eu-west-1.amazonaws.com"
OWN = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
ROLE = "arn:aws:iam::111122223333:role/fraud-model"
PARAMETERS = {
    "Any": {"Type": "String"},
    "Region": {"Type": "String"},
}
AWS_ACCOUNTS = {
    "eu-west-1": {"dlc": "763104351884", "any": "763104351884"},
    "eu-south-1": {"dlc": "692866216735", "any": "111122223333"},
}
SERVERLESS: dict[str, Any] = {"ServerlessConfig": {"MemorySizeInMB": 4096, "MaxConcurrency": 10}}
VLLM_13 = f"{DLC}/vllm:0.28.0-gpu-py312-cu130-ubuntu24.04-sagemaker"
VLLM_129 = f"{DLC}/vllm:0.19-gpu-py312"
TF_GPU = f"{DLC}/tensorflow-inference:2.19.0-gpu-py312"
TF_CPU = f"{DLC}/tensorflow-inference:2.19.0-cpu-py312"
TEI_TAG = "2.0.1-tei1.8.2-gpu-py310-cu122-ubuntu22.04"
TRITON = f"{DLC}/sagemaker-tritonserver"
DJL = f"{DLC}/djl-inference:0.33.0-lmi15.0.0-cu128"
RAY = f"{DLC}/ray:serve-ml-sagemaker-cuda-v1.4"
PYTORCH_GPU = f"{DLC}/pytorch-inference:2.6.0-gpu-py312"
PYTORCH_ARM = f"{DLC}/pytorch-inference-arm64:2.6.0-cpu-py312-ubuntu22.04-sagemaker"
PUBLISHED = "pytorch-inference:2.6.0-cpu-py312"
XGBOOST = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
GPU_4_1 = "al2023-ami-sagemaker-inference-gpu-4-1"
GPU_3_1 = "al2-ami-sagemaker-inference-gpu-3-1"
NEURON_2 = "al2-ami-sagemaker-inference-neuron-2"
GPU_2 = "al2-ami-sagemaker-inference-gpu-2"
NEURONX = (
    f"{DLC}/huggingface-pytorch-inference-neuronx:"
    "2.8.0-transformers4.55.4-neuronx-py310-sdk2.26.0-ubuntu22.04"
)
NEURON = (
    f"{DLC}/huggingface-pytorch-inference-neuron:"
    "1.9.1-transformers4.12.3-neuron-py37-sdk1.17.1-ubuntu18.04"
)

OF_ENVIRONMENTS = {"gpus-idle", "hub-model-missing", "neuron-workers-too-many"}
"""Rules on the environment, which these containers do not have."""


def found(template: dict[str, Any], region: str | None = None) -> list[str]:
    """Return the rules with a finding, in their order."""
    findings = check_template(
        {"Parameters": PARAMETERS, "Mappings": {"Accounts": AWS_ACCOUNTS}, **template},
        region=region,
        rules=PEDANTIC_RULES,
    )
    return [each.rule_id for each in findings if each.rule_id not in OF_ENVIRONMENTS]


def model(**members: Any) -> dict[str, Any]:
    properties = {"ExecutionRoleArn": ROLE, **members}
    return {"Type": "AWS::SageMaker::Model", "Properties": properties}


def of_container(image: object, **members: Any) -> dict[str, Any]:
    return model(PrimaryContainer={"Image": image, **members})


def in_map(key: str) -> dict[str, Any]:
    """Return the account of the region in the template's mapping."""
    return {"Fn::FindInMap": ["Accounts", REGION, key]}


def join(*parts: object) -> dict[str, Any]:
    return {"Fn::Join": ["", [*parts]]}


PARAMETER = {"Ref": "Any"}
REGION = {"Ref": "AWS::Region"}
TEI = (".dkr.ecr.", REGION, ".", PARAMETER, f"/tei:{TEI_TAG}")
VPC_ONLY = {"ImageConfig": {"RepositoryAccessMode": PARAMETER}}


@pytest.mark.parametrize(
    ("resource", "rule_id"),
    [
        (of_container("fraud:7"), "model-image-outside-ecr"),
        (of_container("team/fraud:7"), "model-image-outside-ecr"),
        (of_container("public.ecr.aws/org/fraud:7"), "model-image-outside-ecr"),
        (of_container("docker.io/team/fraud:7"), "model-image-outside-ecr"),
        (of_container({"Fn::Sub": "docker.io/fraud:${Any}"}), "model-image-outside-ecr"),
        (
            of_container(
                "docker.io/team/fraud:7", ImageConfig={"RepositoryAccessMode": "Platform"}
            ),
            "model-image-outside-ecr",
        ),
        (of_container("docker.io/team/fraud:7", **VPC_ONLY), None),
        (of_container("763104351884.dkr-ecr.eu-west-1.on.aws/tei:1"), None),
        (of_container("docker.io/team/my fraud:7"), "value-pattern-mismatch"),
        (
            of_container("public.ecr.aws/deep-learning-containers/pytorch-inference:2.6.0-cpu"),
            "model-image-outside-ecr",
        ),
        (
            of_container("public.ecr.aws/deep-learning-containers/pytorch-inference"),
            "model-image-outside-ecr",
        ),
        (of_container({"Fn::Sub": "${Any}/fraud:7"}), None),
        (of_container({"Fn::Sub": "${Any}:7"}), None),
        (of_container(PARAMETER), None),
        # The region of the image and that of the deployment.
        (of_container(f"{OWN.replace('west-1', 'west-3')}/fraud:7"), "model-image-other-region"),
        (of_container({"Fn::Sub": "111122223333.dkr.ecr.${Region}.amazonaws.com/fraud:7"}), None),
        (
            of_container(f"{OWN.replace('west-1', 'west-3')}/{PUBLISHED}"),
            "model-image-other-region",
        ),
        (of_container(f"https://{OWN}/fraud:7"), "model-image-outside-ecr"),
        (
            of_container({"Fn::Sub": "${Any}.dkr.ecr.us-east-1.${AWS::URLSuffix}/fraud:7"}),
            "model-image-other-region",
        ),
        (
            of_container(f"{DLC.replace('west-1', 'west-3')}/{PUBLISHED}"),
            "model-image-other-region",
        ),
        (
            of_container(f"727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/{PUBLISHED}"),
            "model-image-other-region",
        ),
        (
            of_container(f"007439368137.dkr.ecr.eu-west-1.amazonaws.com/tei:{TEI_TAG}"),
            "model-image-account-other-region",
        ),
        (
            of_container(join("007439368137.dkr.ecr.", REGION, ".amazonaws.com/other:1")),
            "model-image-account-other-region",
        ),
        (of_container("763104351884.dkr.ecr.eu-west-1.amazonaws.com/other:1"), None),
        (of_container(f"{DLC}/tei:{TEI_TAG}"), "model-image-account-mismatch"),
        (
            of_container(f"{DLC.replace('west-1', 'west-3')}/tei:{TEI_TAG}"),
            "model-image-other-region",
        ),
        (of_container("141502667606.dkr.ecr.eu-west-1.amazonaws.com/other:1"), None),
        # The registry that had Triton's images before.
        (
            of_container(
                "802834080501.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-tritonserver:24.01-py3"
            ),
            None,
        ),
        (of_container(f"{OWN}.cn/fraud:7"), "model-image-suffix-mismatch"),
        (of_container({"Fn::Sub": "111122223333.dkr.ecr.eu-west-1.${Any}/fraud:7"}), None),
        # Uses.
        (of_container(f"{DLC}/pytorch-training:2.6.0-cpu-py312"), "model-image-for-training"),
        (
            of_container(join("763104351884.dkr.ecr.", REGION, ".", PARAMETER, "/pytorch:1")),
            "model-image-for-training",
        ),
        (of_container(f"{OWN}/pytorch-training:2.6.0-cpu-py312"), None),
        (of_container(f"{DLC}/vllm-arm64:0.10.2-gpu-py312"), None),
        (
            of_container(f"{DLC}/pytorch-inference:2.6.0-cpu-py312-ubuntu22.04-ec2"),
            "model-image-for-ec2",
        ),
        (of_container(f"{DLC}/ray:serve-ml-cuda-v1.0"), "model-image-for-ec2"),
        (of_container(f"{DLC}/vllm:server-cuda-v1"), "model-image-for-ec2"),
        (of_container(f"{DLC}/vllm:server-sagemaker-cuda-v1"), None),
        (of_container(f"{DLC}/vllm:server-cuda"), "model-image-for-ec2"),
        (of_container(f"{DLC}/vllm:server"), None),
        (of_container(f"{DLC}/djl-inference:server-cuda-v1"), None),
        (of_container(f"{DLC}/vllm:latest-cuda-v1"), "model-image-tag-unpublished"),
        (of_container(f"{DLC}/vllm:omni-sagemaker-cuda-v1.0"), None),
        (of_container(f"{DLC}/vllm:0.20.0-gpu-py312"), None),
        (of_container(f"{OWN}/fraud:7-ec2"), None),
        # The label for several models.
        (
            of_container(f"{DLC}/tensorflow-inference:2.14-gpu-py310", Mode="MultiModel"),
            "multi-model-image-refused",
        ),
        (of_container(f"{DLC}/tensorflow-inference:2.14-gpu-py310"), None),
        (of_container(f"{DLC}/pytorch-inference:2.6.0-gpu-py312", Mode="MultiModel"), None),
        (of_container(f"{DLC}/djl-inference:0.36.0-lmi27.0.0-cu130", Mode="MultiModel"), None),
        (
            of_container(f"{OWN}/tensorflow-inference:2.14-gpu-py310", Mode="MultiModel"),
            None,
        ),
        (
            of_container(f"{DLC}/mxnet-inference:1.9-gpu-py38", Mode="MultiModel"),
            "multi-model-image-without-label",
        ),
    ],
)
def test_image_of_a_model(resource: dict[str, Any], rule_id: str | None) -> None:
    container = resource["Properties"]["PrimaryContainer"]
    is_multi_model = container.get("Mode") == "MultiModel"
    name = "models/" if is_multi_model else "model.tar.gz"
    container["ModelDataUrl"] = f"s3://amzn-s3-demo-bucket/{name}"
    rules = found({"Resources": {"Model": resource}}, "eu-west-1")
    ignored = ("model-data-not-archive", "model-data-url-not-archive")
    assert [each for each in rules if each not in ignored] == ([rule_id] if rule_id else [])


def test_an_image_of_aws_for_china() -> None:
    template = {"Resources": {"Model": of_container(f"{DLC}/{PUBLISHED}")}}
    (finding,) = check_template(template, region="cn-north-1")
    assert finding.fix.startswith(
        "Use the registry 727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn,"
    )
    accounts = [each.accounts for each in data().repositories.values()]
    names = {region for each in accounts for region in each}
    assert [each for each in sorted(names) if url_suffix_of(each) is None] == []


def test_a_container_does_not_hide_the_next_one() -> None:
    network = {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}
    refused = f"{DLC}/tensorflow-inference:2.14-gpu-py310"
    auth = {"RepositoryCredentialsProviderArn": {"Ref": "Secret"}}
    private = {"RepositoryAccessMode": "Vpc", "RepositoryAuthConfig": auth}
    for second, rule in (
        ({"Image": refused, "Mode": "MultiModel"}, "multi-model-image-refused"),
        ({"Image": "r.example.com/a:1", "ImageConfig": private}, "registry-credentials-not-a-"),
        ({"Image": f"{DLC}/pytorch-training:2.6.0-cpu-py312"}, "model-image-for-training"),
        ({"Image": "fraud:7"}, "model-image-outside-ecr"),
        ({"Image": f"{DLC}/tei:{TEI_TAG}"}, "model-image-account-mismatch"),
        ({"Image": f"007439368137.dkr.ecr.eu-west-1.amazonaws.com/tei:{TEI_TAG}"}, "model-image-"),
        ({"Image": f"{OWN}.cn/fraud:7"}, "model-image-suffix-mismatch"),
    ):
        data = {"ModelDataUrl": "s3://amzn-s3-demo-bucket/model.tar.gz"}
        if "Mode" in second:
            data = {"ModelDataUrl": "s3://amzn-s3-demo-bucket/models/"}
        containers = [
            {"Image": f"{OWN}/fraud:7", "ContainerHostname": "a"},
            {"Image": join(PARAMETER, OWN[12:], "/fraud:7"), "ContainerHostname": "c"},
            {**second, **data, "ContainerHostname": "b"},
        ]
        resources = {
            "Model": model(Containers=containers, VpcConfig=network),
            "Secret": {"Type": "AWS::SecretsManager::Secret"},
        }
        rules = found({"Resources": resources}, "eu-west-1")
        assert [each for each in rules if each.startswith(rule)], (second, rules)


def test_each_image_outside_ecr_has_a_finding() -> None:
    names = ("https://r.example.com/a:1", "http://r.example.com/b:1", "fraud:7")
    containers = [{"Image": each, "ContainerHostname": f"c{i}"} for i, each in enumerate(names)]
    rules = found({"Resources": {"Model": model(Containers=containers)}})
    assert rules == ["model-image-outside-ecr"] * 3


def test_images_of_one_other_region_have_one_finding() -> None:
    containers = [{"Image": f"{OWN}/{name}:1", "ContainerHostname": name} for name in "ab"]
    template = {"Resources": {"Model": model(Containers=containers)}}
    assert found(template, "us-east-1") == ["model-image-other-region"]
    assert found(template) == []
    other = {"Image": f"{OWN.replace('west-1', 'west-3')}/c:1", "ContainerHostname": "c"}
    template = {"Resources": {"Model": model(Containers=[*containers, other])}}
    assert found(template, "us-east-1") == ["model-image-other-region"] * 2


def test_components_have_images_of_their_own() -> None:
    def component(image: str) -> dict[str, Any]:
        properties = {
            "EndpointName": "shared",
            "VariantName": "main",
            "Specification": {
                "Container": {"Image": image},
                "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024},
            },
            "RuntimeConfig": {"CopyCount": 1},
        }
        resource = {"Type": "AWS::SageMaker::InferenceComponent", "Properties": properties}
        return {"Resources": {"Component": resource}}

    training = f"{DLC}/pytorch-training:2.6.0-cpu-py312"
    assert found(component(training), "eu-west-1") == ["model-image-for-training"]
    assert found(component(f"{OWN}/fraud:7"), "us-east-1") == ["model-image-other-region"]
    assert found(component(f"{OWN}/fraud:7"), "eu-west-1") == []
    for outside in ("fraud:7", "public.ecr.aws/org/fraud:7", "docker.io/org/fraud:7"):
        (finding,) = check_template(component(outside))
        assert finding.rule_id == "model-image-outside-ecr"
        assert "ImageConfig" not in f"{finding.message} {finding.fix}"


@pytest.mark.parametrize(
    ("arn", "is_wrong"),
    [
        ("arn:aws:lambda:eu-west-1:111122223333:function:login:live", False),
        ("arn:aws:secretsmanager:eu-west-1:111122223333:secret:login", True),
        ("login", True),
        ({"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${Any}:function:login"}, False),
        ({"Fn::Sub": "arn:aws:secretsmanager:${Region}:111122223333:secret:login"}, True),
        ({"Fn::Sub": "${Any}:live"}, False),
        ({"Fn::Sub": "arn:aws:${Any}"}, False),
        ({"Ref": "Function"}, True),
        ({"Fn::GetAtt": ["Function", "Arn"]}, False),
        ({"Ref": "Secret"}, True),
        ({"Fn::GetAtt": ["Secret", "Id"]}, True),
        ({"Fn::GetAtt": ["Secret", "Other"]}, False),
        ({"Fn::Sub": "login:${Any}"}, True),
        ({"Fn::Sub": "arn:aws:secretsmanager${Any}"}, False),
        ({"Fn::Sub": "arn:aws:secretsmanager:${Any}"}, True),
        ({"Fn::Sub": "arn:aws:lambda:${Any}"}, False),
        (join("arn:aws:lam", "bda:", PARAMETER), False),
        ({"Fn::Sub": "${Any}:aws:secretsmanager:${Any}"}, False),
        (PARAMETER, False),
    ],
)
def test_credentials_of_a_private_registry(arn: object, is_wrong: bool) -> None:  # noqa: FBT001 - a row
    auth = {"RepositoryCredentialsProviderArn": arn}
    config = {"RepositoryAccessMode": "Vpc", "RepositoryAuthConfig": auth}
    network = {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}
    container = {"Image": "registry.example.com/fraud:7", "ImageConfig": config}
    resources = {
        "Function": {"Type": "AWS::Lambda::Function"},
        "Secret": {"Type": "AWS::SecretsManager::Secret"},
        "Model": model(PrimaryContainer=container, VpcConfig=network),
    }
    expected = ["registry-credentials-not-a-function"] if is_wrong else []
    assert found({"Resources": resources}, "eu-west-1") == expected


PACKAGE = "arn:aws:sagemaker:eu-west-1:111122223333:model-package/fraud/3"


def test_packages_have_images_that_are_not_judged() -> None:
    container = {"ModelPackageName": PACKAGE}
    assert found({"Resources": {"Model": model(PrimaryContainer=container)}}) == []
    given = {**container, "Image": "fraud:7"}
    rules = found({"Resources": {"Model": model(PrimaryContainer=given)}})
    assert rules == ["model-image-with-package"]
    given = {**container, "Image": PARAMETER}
    assert found({"Resources": {"Model": model(PrimaryContainer=given)}}) == []


def hosted(image: object, *types: str, **variant: Any) -> dict[str, Any]:
    """Return a template with a variant that runs an image on some types."""
    given: dict[str, Any] = {
        "VariantName": "main",
        "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
    }
    if len(types) == 1:
        given |= {"InstanceType": types[0]}
    elif types:
        pools = [{"InstanceType": name, "Priority": 1 + i} for i, name in enumerate(types)]
        given |= {"InstancePools": pools}
    if types:
        given |= {"InitialInstanceCount": 1}
    config = {"ProductionVariants": [{**given, **variant}]}
    container = {"Image": image, "ModelDataUrl": "s3://amzn-s3-demo-bucket/model.tar.gz"}
    properties = {"ExecutionRoleArn": ROLE, "PrimaryContainer": container}
    return {
        "Resources": {
            "Model": {"Type": "AWS::SageMaker::Model", "Properties": properties},
            "Config": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": config},
        }
    }


@pytest.mark.parametrize(
    ("template", "rules"),
    [
        # Architecture.
        (hosted(TF_CPU, "ml.c7g.xlarge"), ["x86-image-on-arm64"]),
        (hosted(TF_GPU, "ml.c7g.xlarge"), ["x86-image-on-arm64"]),
        (hosted(f"{OWN}/tensorflow-inference:2.19.0-cpu", "ml.c7g.xlarge"), []),
        (hosted(f"{DLC}/tensorflow-inference", "ml.c7g.xlarge"), []),
        (hosted(PYTORCH_ARM, "ml.c7g.xlarge"), []),
        (
            hosted(PYTORCH_ARM, "ml.c6i.xlarge"),
            ["arm64-image-on-x86"],
        ),
        (hosted(f"{DLC}/pytorch-inference-arm64", "ml.c6i.xlarge"), ["arm64-image-on-x86"]),
        (hosted(f"{OWN}/fraud:7-arm64", "ml.c6i.xlarge"), ["image-tag-architecture-mismatch"]),
        (hosted(f"{OWN}/fraud:7-x86_64", "ml.c7g.xlarge"), ["image-tag-architecture-mismatch"]),
        (hosted(f"{OWN}/fraud:arm64-amd64", "ml.c7g.xlarge"), []),
        (hosted(f"{OWN}/fraud:arm64-multiarch", "ml.c6i.xlarge"), []),
        (hosted(f"{OWN}/fraud:7", "ml.c7g.xlarge"), []),
        (hosted(f"{OWN}/fraud", "ml.c6i.xlarge"), []),
        (hosted(f"{OWN}/fraud:7-ARM64", "ml.c6i.xlarge"), ["image-tag-architecture-mismatch"]),
        (hosted(f"{OWN}/:7-arm64", "ml.c6i.xlarge"), ["image-tag-architecture-mismatch"]),
        (hosted({"Fn::Sub": f"{OWN}/fraud:7-arm64-${{Any}}"}, "ml.c6i.xlarge"), []),
        (
            hosted(
                join(PARAMETER, ".dkr.ecr.eu-west-1.amazonaws.com/fraud:7-arm64"), "ml.c6i.xlarge"
            ),
            [],
        ),
        (hosted(f"{DLC}/fraud:7-arm64", "ml.c6i.xlarge"), ["arm64-image-on-x86"]),
        (hosted({"Fn::Sub": f"{OWN}/${{Any}}:7-arm64"}, "ml.c6i.xlarge"), []),
        # Neuron.
        (hosted(NEURONX, "ml.inf2.xlarge"), ["neuronx-image-without-ami"]),
        (hosted(NEURONX, "ml.trn1.2xlarge"), []),
        (hosted(NEURON, "ml.inf1.xlarge"), []),
        (hosted(NEURONX, "ml.inf1.xlarge"), ["neuron-image-generation-mismatch"]),
        (hosted(NEURON, "ml.trn1.2xlarge"), ["neuron-image-generation-mismatch"]),
        (hosted(NEURONX, "ml.g5.xlarge"), ["neuron-image-without-device"]),
        (hosted(NEURONX, "ml.m5.xlarge"), ["neuron-image-without-device"]),
        (hosted(NEURONX, "ml.dl1.24xlarge"), ["neuron-image-without-device"]),
        (hosted(NEURON, "ml.g5.xlarge"), ["neuron-image-without-device"]),
        (hosted(NEURONX, **SERVERLESS), ["neuron-image-without-device"]),
        (hosted(TF_CPU, "ml.inf2.xlarge"), ["neuron-devices-unused"]),
        (hosted(PYTORCH_GPU, "ml.inf2.xlarge"), ["neuron-devices-unused"]),
        (hosted(f"{TRITON}:25.09-py3", "ml.inf2.xlarge"), []),
        # GPU.
        (hosted(TF_GPU, "ml.m5.xlarge"), ["gpu-image-without-gpu"]),
        (hosted(TF_GPU, "ml.inf2.xlarge"), ["gpu-image-without-gpu"]),
        (hosted(TF_GPU, "ml.g5.xlarge"), []),
        (hosted(TF_GPU, "ml.zz9.xlarge"), ["instance-type-unknown"]),
        (hosted(TF_GPU, **SERVERLESS), ["serverless-gpu-image"]),
        (
            hosted(DJL, "ml.m5.xlarge"),
            ["gpu-image-on-cpu-type"],
        ),
        (
            hosted(PYTORCH_GPU, "ml.m5.xlarge"),
            ["gpu-image-computing-on-cpu"],
        ),
        (hosted(f"{TRITON}:24.05-py3", "ml.m5.xlarge"), []),
        (hosted(TF_CPU, "ml.g5.xlarge"), ["cpu-image-on-gpu-type"]),
        (
            hosted(
                XGBOOST,
                "ml.g5.xlarge",
            ),
            [],
        ),
        (hosted(TF_GPU, "ml.dl1.24xlarge"), ["gpu-image-without-gpu"]),
        (hosted(DJL, "ml.dl1.24xlarge"), ["gpu-image-on-cpu-type"]),
        (hosted(DJL, "ml.inf2.xlarge"), ["neuron-devices-unused"]),
        # Only the architecture is reported where that is wrong.
        (hosted(TF_CPU, "ml.p6e-gb200.36xlarge"), ["x86-image-on-arm64"]),
        # A type of several.
        (
            hosted(NEURONX, "ml.m5.xlarge", "ml.inf1.xlarge"),
            [
                *("pool-platforms-mixed", "pool-routing-random"),
                *("neuron-image-without-device", "neuron-image-generation-mismatch"),
            ],
        ),
        (
            hosted(TF_GPU, "ml.g5.xlarge", "ml.m5.xlarge"),
            ["pool-platforms-mixed", "pool-routing-random", "gpu-image-without-gpu"],
        ),
        # An account that is one of AWS's in every region of a mapping.
        (
            hosted(
                join(in_map("dlc"), *TEI),
                "ml.m5.xlarge",
            ),
            ["gpu-image-without-gpu"],
        ),
        (
            hosted(
                join(in_map("any"), *TEI),
                "ml.m5.xlarge",
            ),
            [],
        ),
        (hosted(join(in_map("dlc"), DLC[12:], PYTORCH_GPU[len(DLC) :]), "ml.g5.xlarge"), []),
        # CUDA and the driver.
        (hosted(VLLM_13, "ml.g5.xlarge"), ["cuda-13-image-without-ami"]),
        (hosted(VLLM_13, "ml.g5.xlarge", InferenceAmiVersion=GPU_4_1), []),
        (hosted(VLLM_13, "ml.g5.xlarge", InferenceAmiVersion=GPU_3_1), []),
        (hosted(VLLM_13, "ml.g5.xlarge", InferenceAmiVersion=PARAMETER), []),
        (hosted(VLLM_13, "ml.p3.2xlarge"), ["cuda-13-image-without-ami"]),
        (hosted(VLLM_13, "ml.g6e.xlarge"), ["cuda-13-image-with-default-ami"]),
        (hosted(VLLM_13, "ml.p6-b200.48xlarge"), []),
        (
            hosted(VLLM_13, "ml.g6.xlarge", InferenceAmiVersion=f"{GPU_3_1.replace('3', '2')}"),
            ["image-cuda-ami-mismatch"],
        ),
        (
            hosted(VLLM_13, "ml.g6.xlarge", InferenceAmiVersion=GPU_2),
            ["image-cuda-ami-mismatch"],
        ),
        (
            hosted(VLLM_13, **SERVERLESS, InferenceAmiVersion=GPU_2),
            ["serverless-with-instance-settings", "serverless-gpu-image"],
        ),
        (
            hosted(VLLM_13, "ml.p6-b200.48xlarge", "ml.g5.12xlarge"),
            ["pool-routing-random", "cuda-13-image-without-ami"],
        ),
        (hosted(VLLM_129, "ml.g5.xlarge", InferenceAmiVersion=GPU_4_1), []),
        (hosted(RAY, "ml.g5.xlarge", InferenceAmiVersion=GPU_3_1), []),
        (
            hosted(f"{DLC}/ray:serve-ml-cu130", "ml.g5.xlarge", InferenceAmiVersion=GPU_4_1),
            ["model-image-for-ec2"],
        ),
        (
            hosted(f"{DLC}/ray:serve-ml-sagemaker-cu130", "ml.g5.xlarge"),
            ["model-image-tag-unpublished", "cuda-13-image-without-ami"],
        ),
        (
            hosted(f"{DLC}/vllm:0.12.0-gpu-py312-cu128", "ml.g5.xlarge"),
            ["model-image-tag-unpublished"],
        ),
        (hosted(f"{TRITON}:25.03-py3", "ml.g5.xlarge"), ["model-image-tag-unpublished"]),
        (hosted(f"{DLC}/sglang:0.5.10-gpu-py312", "ml.g5.xlarge"), ["image-driver-too-old"]),
        (hosted(f"{TRITON}:26.05-py3", "ml.g6.xlarge"), []),
        (
            hosted(f"{TRITON}:26.05-py3", "ml.g5.xlarge"),
            ["cuda-13-image-without-ami"],
        ),
        (
            hosted(f"{TRITON}:25.04-py3", "ml.g5.xlarge"),
            ["image-driver-too-old"],
        ),
        (hosted(f"{TRITON}:24.09-py3", "ml.g5.xlarge"), []),
        (hosted(VLLM_129, "ml.g5.xlarge"), ["image-driver-too-old"]),
        (hosted(VLLM_129, "ml.g6.xlarge"), []),
        (
            hosted(RAY, "ml.g5.xlarge"),
            ["image-driver-too-old"],
        ),
        (
            hosted(
                RAY,
                "ml.g5.xlarge",
                InferenceAmiVersion=GPU_4_1,
            ),
            ["image-cuda-ami-mismatch"],
        ),
        (hosted(DJL, "ml.g5.xlarge"), []),
        # The account of a serverless variant.
        (
            hosted("444455556666.dkr.ecr.eu-west-1.amazonaws.com/fraud:7", **SERVERLESS),
            ["serverless-image-other-account"],
        ),
        (hosted(f"{OWN}/fraud:7", **SERVERLESS), []),
        (hosted(TF_CPU, **SERVERLESS), []),
        (hosted(join(PARAMETER, ".dkr.ecr.eu-west-1.amazonaws.com/fraud:7"), **SERVERLESS), []),
        (hosted("444455556666.dkr.ecr.eu-west-1.amazonaws.com/fraud:7", "ml.m5.xlarge"), []),
    ],
)
def test_image_on_the_types_of_a_variant(template: dict[str, Any], rules: list[str]) -> None:
    assert found(template) == rules


@pytest.mark.parametrize(
    ("architecture", "name", "fix"),
    [
        ("arm64", "ml.m5.xlarge", "Build the image for linux/amd64, or use another type."),
        ("x86_64", "ml.c7g.xlarge", "Build the image for linux/arm64, or use another type."),
        ("arm64", "ml.c7g.xlarge", None),
        ("x86_64", "ml.m5.xlarge", None),
        (None, "ml.m5.xlarge", None),
    ],
)
def test_an_image_that_the_app_builds(architecture: str | None, name: str, fix: str | None) -> None:
    image: Any = ImageUri.of("${Token[Image.7]}", architecture=architecture)
    spec = ModelSpec(primary_container=ContainerDefinition(image=image))
    variant = {"VariantName": "main", "ModelName": "fraud", "InstanceType": name}
    context = ConfigContext(
        config=spec_of(EndpointConfigSpec, {"ProductionVariants": [variant]}),
        models={
            ("production_variants", 0, "model_name"): ReferencedModel(
                model=spec, logical_id="Model"
            )
        },
    )
    unknown = ImageReference(ImageHost.UNKNOWN, architecture=architecture)
    assert image_of(ContainerDefinition(image=image)) == unknown
    rule = "asset-image-architecture-mismatch"
    assert [each.fix for each in check(context) if each.rule_id == rule] == ([fix] if fix else [])


@pytest.mark.parametrize(
    ("uri", "is_outside"),
    [
        ("fraud:7", True),
        ("docker.io/team/fraud:7", True),
        ("public.ecr.aws/org/fraud:7", True),
        (f"{OWN}/fraud:7", False),
        ("", False),
    ],
)
def test_the_default_of_a_parameter_is_outside(uri: str, is_outside: bool) -> None:  # noqa: FBT001 - a row
    assert is_image_outside_ecr(uri) is is_outside


def test_variants_that_run_an_image_of_another_account() -> None:
    template = hosted("444455556666.dkr.ecr.eu-west-1.amazonaws.com/fraud:7", **SERVERLESS)
    variants = template["Resources"]["Config"]["Properties"]["ProductionVariants"]
    instances = {"InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}
    other = {"VariantName": "other", "ModelName": variants[0]["ModelName"], **instances}
    variants.insert(0, other)
    assert "serverless-image-other-account" in found(template)


def test_the_account_of_a_role_is_unknown() -> None:
    image = "444455556666.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
    template = hosted(image, **SERVERLESS)
    template["Resources"]["Model"]["Properties"]["ExecutionRoleArn"] = PARAMETER
    assert found(template) == []


@pytest.mark.parametrize(
    ("machine_image", "types", "rules"),
    [
        (NEURON_2, ("ml.inf2.xlarge",), []),
        (NEURON_2, ("ml.trn1.2xlarge",), []),
        (NEURON_2, ("ml.inf1.xlarge",), ["ami-neuron-mismatch"]),
        (NEURON_2, ("ml.g5.xlarge",), ["ami-neuron-mismatch"]),
        (NEURON_2, ("ml.m5.xlarge",), ["ami-neuron-mismatch"]),
        (NEURON_2, ("ml.zz9.xlarge",), ["instance-type-unknown"]),
        (
            NEURON_2,
            ("ml.zz9.xlarge", "ml.m5.xlarge"),
            ["instance-type-unknown", "ami-neuron-mismatch", "pool-routing-random"],
        ),
        (GPU_3_1, ("ml.g5.xlarge",), []),
        (GPU_3_1, ("ml.m5.xlarge",), ["ami-gpu-mismatch"]),
        (GPU_3_1, ("ml.inf2.xlarge",), ["ami-gpu-mismatch"]),
        (PARAMETER, ("ml.m5.xlarge",), []),
        ("${Token[TOKEN.7]}-gpu-1", ("ml.m5.xlarge",), []),
    ],
)
def test_machine_images_on_types(
    machine_image: object, types: tuple[str, ...], rules: list[str]
) -> None:
    template = hosted(f"{OWN}/fraud:7", *types, InferenceAmiVersion=machine_image)
    assert sorted(found(template)) == sorted(rules)
    # A variant without a machine image does not hide the next one.
    variants = template["Resources"]["Config"]["Properties"]["ProductionVariants"]
    other = {"InstanceType": "ml.c6i.xlarge", "InitialInstanceCount": 1, "ModelName": "m"}
    variants.insert(0, {**other, "VariantName": "other"})
    assert [each for each in found(template) if each.startswith("ami-")] == [
        each for each in rules if each.startswith("ami-")
    ]


def several(*images: str, on: str, **variant: Any) -> dict[str, Any]:
    """Return a template with a variant that runs several containers on a type."""
    template = hosted(images[0], on, **variant)
    properties = template["Resources"]["Model"]["Properties"]
    first = properties.pop("PrimaryContainer")
    properties["Containers"] = [{**first, "Image": image} for image in images]
    return template


@pytest.mark.parametrize(
    ("template", "rules"),
    [
        # Another container may use the devices.
        (several(TF_CPU, TF_CPU, on="ml.g5.xlarge"), ["cpu-image-on-gpu-type"] * 2),
        (several(TF_CPU, PYTORCH_GPU, on="ml.g5.xlarge"), []),
        (several(TF_CPU, f"{OWN}/fraud:7", on="ml.g5.xlarge"), []),
        (several(XGBOOST, TF_CPU, on="ml.g5.xlarge"), []),
        (several(TF_CPU, NEURONX, on="ml.inf2.xlarge"), ["neuronx-image-without-ami"]),
        (several(TF_CPU, NEURON, on="ml.inf1.xlarge"), []),
        (several(TF_CPU, PYTORCH_GPU, on="ml.inf2.xlarge"), ["neuron-devices-unused"] * 2),
        # A container that fits does not hide the next one.
        (
            several(TF_CPU, NEURONX, on="ml.g5.xlarge"),
            ["neuron-image-without-device", "cpu-image-on-gpu-type"],
        ),
        (several(TF_CPU, NEURONX, on="ml.inf1.xlarge"), ["neuron-image-generation-mismatch"]),
        (
            several(PYTORCH_GPU, VLLM_13, on="ml.g5.xlarge", InferenceAmiVersion=GPU_2),
            ["image-cuda-ami-mismatch"],
        ),
        (
            several(f"{DLC}/ray:gpu", VLLM_13, on="ml.g5.xlarge", InferenceAmiVersion=GPU_2),
            ["model-image-tag-unpublished", "image-cuda-ami-mismatch"],
        ),
        (
            several(TF_CPU, f"{OWN}/fraud:7-arm64", on="ml.c6i.xlarge"),
            ["image-tag-architecture-mismatch"],
        ),
        (
            several(
                *(f"{OWN}/fraud:{tag}" for tag in ("7", "arm64-amd64", "7-arm64")),
                on="ml.c6i.xlarge",
            ),
            ["image-tag-architecture-mismatch"],
        ),
    ],
)
def test_images_of_several_containers(template: dict[str, Any], rules: list[str]) -> None:
    assert found(template) == rules


def test_a_pool_with_a_model_of_its_own() -> None:
    template = hosted(TF_CPU, "ml.m5.xlarge", "ml.m5.2xlarge")
    resources = template["Resources"]
    resources["Other"] = of_container(TF_GPU, ModelDataUrl="s3://b/model.tar.gz")
    pools = resources["Config"]["Properties"]["ProductionVariants"][0]["InstancePools"]
    pools[1]["ModelNameOverride"] = {"Fn::GetAtt": ["Other", "ModelName"]}
    paths = [e.path for e in check_template(template) if e.rule_id == "gpu-image-without-gpu"]
    assert paths == ["ProductionVariants[0].InstancePools[1].InstanceType"]


def test_a_variant_with_the_default_machine_image_does_not_hide_the_next_one() -> None:
    template = hosted(VLLM_13, "ml.g6e.xlarge", InferenceAmiVersion=GPU_2)
    variants = template["Resources"]["Config"]["Properties"]["ProductionVariants"]
    first = {key: value for key, value in variants[0].items() if key != "InferenceAmiVersion"}
    variants.insert(0, {**first, "VariantName": "other"})
    assert found(template) == ["cuda-13-image-with-default-ami", "image-cuda-ami-mismatch"]


def test_the_image_of_a_package_does_not_hide_the_next_one() -> None:
    template = several(TF_GPU, TF_GPU, on="ml.m5.xlarge")
    containers = template["Resources"]["Model"]["Properties"]["Containers"]
    containers[0] = {"ModelPackageName": PACKAGE}
    assert found(template) == ["gpu-image-without-gpu"]


@pytest.mark.parametrize(
    ("variants", "place"),
    [
        ("ProductionVariants", "ProductionVariants[0].InferenceAmiVersion"),
        ("ShadowProductionVariants", "ShadowProductionVariants[0].InferenceAmiVersion"),
        (None, "Specification.ModelName"),
    ],
)
def test_the_place_of_a_machine_image(variants: str | None, place: str) -> None:
    if variants is None:
        template = on_shared_endpoint(VLLM_13, "ml.g5.xlarge", 1)
        template["Resources"]["Config"]["Properties"]["ProductionVariants"][0][
            "InferenceAmiVersion"
        ] = GPU_2
    else:
        template = hosted(VLLM_13, "ml.g5.xlarge", InferenceAmiVersion=GPU_2)
        config = template["Resources"]["Config"]["Properties"]
        other = {**config["ProductionVariants"][0], "VariantName": "other", "ModelName": "other"}
        other.pop("InferenceAmiVersion")
        if variants.startswith("Shadow"):
            config["ShadowProductionVariants"] = config.pop("ProductionVariants")
            config["ProductionVariants"] = [other]
    (path,) = (
        each.path for each in check_template(template) if each.rule_id == "image-cuda-ami-mismatch"
    )
    assert path == place


def on_shared_endpoint(image: str, name: str, accelerators: int | None = None) -> dict[str, Any]:
    """Return a template with a component on an endpoint with one type."""
    template = hosted(image, name)
    resources = template["Resources"]
    variant = resources["Config"]["Properties"]["ProductionVariants"][0]
    del variant["ModelName"]
    resources["Config"]["Properties"]["ExecutionRoleArn"] = ROLE
    compute: dict[str, Any] = {"MinMemoryRequiredInMb": 1024}
    if accelerators is not None:
        compute["NumberOfAcceleratorDevicesRequired"] = accelerators
    resources["Endpoint"] = {
        "Type": "AWS::SageMaker::Endpoint",
        "Properties": {"EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]}},
    }
    resources["Component"] = {
        "Type": "AWS::SageMaker::InferenceComponent",
        "Properties": {
            "EndpointName": {"Fn::GetAtt": ["Endpoint", "EndpointName"]},
            "VariantName": "main",
            "Specification": {
                "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
                "ComputeResourceRequirements": compute,
            },
            "RuntimeConfig": {"CopyCount": 1},
        },
    }
    return template


COMPUTE = {"MinMemoryRequiredInMb": 1024, "NumberOfAcceleratorDevicesRequired": 1}


def own_container(image: str) -> dict[str, Any]:
    """Return a specification with a container."""
    return {"Container": {"Image": image}, "ComputeResourceRequirements": COMPUTE}


def unlike(**members: Any) -> dict[str, Any]:
    """Return a template with a component whose members are other ones; ``None`` removes one."""
    template = on_shared_endpoint(VLLM_13, "ml.g5.xlarge", 1)
    component = template["Resources"]["Component"]["Properties"]
    component |= members
    for name in [name for name, value in members.items() if value is None]:
        del component[name]
    return template


@pytest.mark.parametrize(
    ("template", "rules"),
    [
        (on_shared_endpoint(TF_GPU, "ml.m5.xlarge"), ["gpu-image-without-gpu"]),
        (on_shared_endpoint(TF_CPU, "ml.c7g.xlarge"), ["x86-image-on-arm64"]),
        (on_shared_endpoint(VLLM_13, "ml.g5.xlarge", 1), ["cuda-13-image-without-ami"]),
        (on_shared_endpoint(TF_CPU, "ml.g5.xlarge"), []),
        (on_shared_endpoint(TF_CPU, "ml.g5.xlarge", 1), ["cpu-image-on-gpu-type"]),
        (unlike(VariantName="other"), ["component-variant-unknown"]),
        (
            unlike(VariantName=None),
            ["component-variant-missing", "cuda-13-image-without-ami"],
        ),
        (unlike(VariantName=PARAMETER), []),
        (unlike(EndpointName=PARAMETER), []),
        (unlike(EndpointName="elsewhere"), []),
        (unlike(Specification=own_container(NEURONX)), ["neuron-image-without-device"]),
        # A specification of an unknown model does not hide the next one.
        (
            unlike(
                Specification=None,
                Specifications=[
                    {
                        "InstanceType": "ml.g5.2xlarge",
                        "ModelName": PARAMETER,
                        "ComputeResourceRequirements": COMPUTE,
                    },
                    {"InstanceType": "ml.g5.xlarge", **own_container(NEURONX)},
                ],
            ),
            ["neuron-image-without-device", "component-type-unknown"],
        ),
    ],
)
def test_image_of_a_component(template: dict[str, Any], rules: list[str]) -> None:
    assert found(template) == rules
