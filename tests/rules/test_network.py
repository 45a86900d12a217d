"""Ways out of the subnets of a model."""

from __future__ import annotations

from typing import Any

from kit.subjects import model

from cdk_epc import PEDANTIC_RULES
from cdk_epc.rules import RULES, check
from cdk_epc.spec import Path
from cdk_epc.spec.context import ModelContext
from cdk_epc.spec.network import SubnetRoutes

URL: Path = ("primary_container", "model_data_url")
CLOSED = SubnetRoutes(logical_id="A")
WITH_S3 = SubnetRoutes(logical_id="B", endpoints=frozenset({"s3"}))
WITH_LAMBDA = SubnetRoutes(logical_id="B", endpoints=frozenset({"lambda"}))
PUBLIC = SubnetRoutes(logical_id="B", has_internet_gateway=True)
WITH_NAT = SubnetRoutes(logical_id="B", has_other_route=True)
PUBLIC_WITH_S3 = SubnetRoutes(
    logical_id="B", has_internet_gateway=True, endpoints=frozenset({"s3"})
)
HUB, IS_PUBLIC = "hub-model-without-internet", "model-subnets-public"
S3, LAMBDA = "model-subnets-without-s3", "model-subnets-without-lambda"
CONTAINER: dict[str, Any] = {
    "Image": "registry.example.com/fraud:7",
    "ModelDataUrl": "s3://b/m.tar.gz",
    "ImageConfig": {
        "RepositoryAccessMode": "Vpc",
        "RepositoryAuthConfig": {
            "RepositoryCredentialsProviderArn": "arn:aws:lambda:eu-west-1:111122223333:function:f"
        },
    },
}
VPC = {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}


def found(
    subnets: tuple[SubnetRoutes, ...] | None, container: Any = CONTAINER, **more: Any
) -> set[str]:
    spec = model({"PrimaryContainer": container, "VpcConfig": VPC, **more})
    texts = {URL: "s3://b/m.tar.gz"} if "ModelDataUrl" in container else {}
    subject = ModelContext(model=spec, texts=texts, subnets=subnets)
    return {each.rule_id for each in check(subject, (*RULES, *PEDANTIC_RULES))}


def test_subnets_without_a_way_out() -> None:
    for subnets, expected in (
        (None, set[str]()),
        ((CLOSED,), {S3, LAMBDA}),
        ((CLOSED, CLOSED), {S3, LAMBDA}),
        ((CLOSED, WITH_S3), {LAMBDA}),
        ((WITH_LAMBDA, CLOSED), {S3}),
        ((CLOSED, PUBLIC), {IS_PUBLIC}),
        ((PUBLIC,), {IS_PUBLIC}),
        ((PUBLIC, WITH_NAT), set[str]()),
        ((PUBLIC_WITH_S3, PUBLIC_WITH_S3), set[str]()),
        ((CLOSED, WITH_NAT), set[str]()),
    ):
        assert found(subnets) == expected, subnets


def test_models_without_model_data_or_credentials() -> None:
    assert found((CLOSED,), {"Image": "x", "ModelDataUrl": "s3://b/m.tar.gz"}) == {S3}
    without_data = {key: value for key, value in CONTAINER.items() if key != "ModelDataUrl"}
    assert found((CLOSED,), without_data) == {LAMBDA}
    assert found((CLOSED,), {"Image": "x"}) == set()


def test_uncompressed_model_data() -> None:
    place: Path = ("primary_container", "model_data_source", "s3_data_source", "s3_uri")
    spec = model({"PrimaryContainer": {"Image": "x"}, "VpcConfig": VPC})
    subject = ModelContext(model=spec, texts={place: "s3://b/p/"}, subnets=(CLOSED,))
    assert S3 in {each.rule_id for each in check(subject)}


def test_models_of_the_hub() -> None:
    tgi = {
        "Image": "763104351884.dkr.ecr.eu-west-1.amazonaws.com/huggingface-pytorch-tgi-inference:"
        "2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04",
        "Environment": {"HF_MODEL_ID": "acme/llm"},
    }
    own = {**tgi, "Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/llm:1"}
    local = {**tgi, "Environment": {"HF_MODEL_ID": "/opt/ml/model"}}
    offline = {**own, "Environment": {"HF_MODEL_ID": "acme/llm", "HF_HUB_OFFLINE": "1"}}
    mirror = {**tgi, "Environment": {"HF_MODEL_ID": "acme/llm", "HF_ENDPOINT": "https://hub.acme"}}
    dlc = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/"
    toolkit = {
        **tgi,
        "Image": f"{dlc}huggingface-pytorch-inference:"
        "2.6.0-transformers4.51.3-cpu-py312-ubuntu22.04",
    }
    data = {"ModelDataUrl": "s3://b/m.tar.gz"}
    lmi = {**tgi, "Image": f"{dlc}djl-inference:0.36.0-lmi27.0.0-cu130"}
    vllm = {**tgi, "Image": f"{dlc}vllm:0.19-gpu-py312"}
    for subnets, container, expected in (
        ((CLOSED, WITH_S3), toolkit, {HUB}),
        ((CLOSED, WITH_S3), lmi, {HUB}),
        ((CLOSED, WITH_S3), {**lmi, **data}, set[str]()),
        ((CLOSED, WITH_S3), vllm, {HUB}),
        ((CLOSED, WITH_S3), {**vllm, **data}, set[str]()),
        ((CLOSED, WITH_S3), tgi, {HUB}),
        ((CLOSED, CLOSED), own, {HUB}),
        ((CLOSED, WITH_NAT), tgi, set[str]()),
        ((PUBLIC_WITH_S3, CLOSED), tgi, {IS_PUBLIC}),
        ((CLOSED, CLOSED), local, set[str]()),
        ((CLOSED, CLOSED), offline, set[str]()),
        ((CLOSED, CLOSED), mirror, set[str]()),
        ((PUBLIC_WITH_S3, CLOSED), mirror, set[str]()),
        (None, tgi, set[str]()),
    ):
        assert found(subnets, container) == expected, (subnets, container)
    assert found((CLOSED,), tgi, EnableNetworkIsolation=True) == set()  # has another finding
    spec = model({"PrimaryContainer": toolkit, "VpcConfig": VPC})
    (finding,) = check(ModelContext(model=spec, subnets=(CLOSED,)))
    assert finding.fix.startswith("Give the container the artifacts from S3 and remove HF_MODEL_ID")
    package = {"ModelPackageName": "fraud"}
    for first in (package, offline, mirror, local):
        containers = [{**first, "ContainerHostname": "a"}, {**tgi, "ContainerHostname": "b"}]
        spec = model({"Containers": containers, "VpcConfig": VPC})
        findings = check(ModelContext(model=spec, subnets=(CLOSED,)))
        assert [(each.rule_id, each.path) for each in findings] == [
            (HUB, "Containers[1].Environment.HF_MODEL_ID")
        ], first
