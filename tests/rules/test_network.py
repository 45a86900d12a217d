"""Ways out of the subnets of a model."""

from __future__ import annotations

from typing import Any

from kit.subjects import model

from cdk_epc.rules import check
from cdk_epc.spec import Path
from cdk_epc.spec.context import ModelContext
from cdk_epc.spec.network import SubnetRoutes

URL: Path = ("primary_container", "model_data_url")
CLOSED = SubnetRoutes(logical_id="A")
WITH_S3 = SubnetRoutes(logical_id="B", endpoints=frozenset({"s3"}))
WITH_LAMBDA = SubnetRoutes(logical_id="B", endpoints=frozenset({"lambda"}))
PUBLIC = SubnetRoutes(logical_id="B", has_internet_gateway=True)
WITH_NAT = SubnetRoutes(logical_id="B", has_other_route=True)
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


def found(subnets: tuple[SubnetRoutes, ...] | None, container: Any = CONTAINER) -> set[str]:
    spec = model({"PrimaryContainer": container, "VpcConfig": VPC})
    texts = {URL: "s3://b/m.tar.gz"} if "ModelDataUrl" in container else {}
    return {each.rule_id for each in check(ModelContext(model=spec, texts=texts, subnets=subnets))}


def test_subnets_without_a_way_out() -> None:
    for subnets, expected in (
        (None, set[str]()),
        ((CLOSED,), {S3, LAMBDA}),
        ((CLOSED, CLOSED), {S3, LAMBDA}),
        ((CLOSED, WITH_S3), {LAMBDA}),
        ((WITH_LAMBDA, CLOSED), {S3}),
        ((CLOSED, PUBLIC), set[str]()),
        ((CLOSED, WITH_NAT), set[str]()),
    ):
        assert found(subnets) == expected, subnets


def test_models_without_model_data_or_credentials() -> None:
    assert found((CLOSED,), {"Image": "x", "ModelDataUrl": "s3://b/m.tar.gz"}) == {S3}
    without_data = {key: value for key, value in CONTAINER.items() if key != "ModelDataUrl"}
    assert found((CLOSED,), without_data) == {LAMBDA}
    assert found((CLOSED,), {"Image": "x"}) == set()
