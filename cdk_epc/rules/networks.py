"""Rules of the network that containers are connected to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Fault, Rule, Severity, Words
from cdk_epc.spec import EndpointConfigSpec, ModelSpec, VpcConfig
from cdk_epc.spec.unresolved import is_there, items_of


def _one_subnet(spec: EndpointConfigSpec | ModelSpec) -> Iterator[Fault]:
    vpc = spec.vpc_config
    subnets = items_of(vpc.subnets) if isinstance(vpc, VpcConfig) else ()
    if len(subnets) == 1 and is_there(subnets[0]):
        yield Fault(
            path=("vpc_config", "subnets"),
            got=Words("one subnet"),
            allowed="subnets in two availability zones or more",
            fix="Name a subnet of another zone as well.",
        )


RULES: Final = (
    Rule(
        id="vpc-one-subnet",
        title="A network has subnets in two availability zones",
        why="The guide asks for two subnets in different zones, even for a single instance. With "
        "one of them there are no instances elsewhere when the zone, or its stock of the instance "
        "type, fails.",
        mend="Name subnets of two zones or more.",
        evidence=Evidence.DOCUMENTED,
        source_url="https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html",
        about=(EndpointConfigSpec, ModelSpec),
        check=_one_subnet,
        severity=Severity.WARNING,
    ),
)
