"""Rules of networks: whole findings, and what is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_epc.rules import Finding, Severity, check
from cdk_epc.spec import EndpointConfigSpec, ModelSpec, VpcConfig
from cdk_epc.spec.unresolved import Reference, Unresolved

SUBNET = "subnet-0a1b2c3d"
REFERENCE: Any = Unresolved({"Ref": "A"}, Reference(type="AWS::EC2::Subnet", logical_id="A"))
PARAMETER: Any = Unresolved({"Ref": "Subnet"})
ONE = "${Token[TOKEN.42]}"
MANY = "#{Token[TOKEN.43]}"


def found(subject: EndpointConfigSpec | ModelSpec) -> list[Finding]:
    return [each for each in check(subject) if each.rule_id == "vpc-single-subnet"]


def vpc(*subnets: Any) -> VpcConfig:
    return VpcConfig(subnets=subnets, security_group_ids=("sg-0a1b2c3d",))


@pytest.mark.parametrize("cls", [EndpointConfigSpec, ModelSpec])
def test_one_subnet(cls: type[Any]) -> None:
    assert found(cls(vpc_config=vpc(SUBNET))) == [
        Finding(
            rule_id="vpc-single-subnet",
            severity=Severity.WARNING,
            path="VpcConfig.Subnets",
            got="one subnet",
            allowed="subnets in two availability zones or more",
            message="VpcConfig.Subnets: one subnet; allowed: subnets in two availability zones or "
            "more",
            fix="Name a subnet of another zone as well.",
            source_url="https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html",
        )
    ]


def test_a_reference_to_a_subnet_is_one() -> None:
    assert len(found(ModelSpec(vpc_config=vpc(REFERENCE)))) == 1


@pytest.mark.parametrize(
    "subnets", [(SUBNET, "subnet-1a2b3c4d"), (PARAMETER,), (ONE,), (MANY,), ()]
)
def test_two_or_nobody_knows(subnets: tuple[Any, ...]) -> None:
    assert found(ModelSpec(vpc_config=vpc(*subnets))) == []
    assert found(ModelSpec(vpc_config=PARAMETER)) == []
