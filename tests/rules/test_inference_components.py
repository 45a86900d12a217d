"""Rules on the network settings of a configuration, which are for inference components."""

from __future__ import annotations

from typing import Any

import pytest
from kit.subjects import spec_of

from cdk_epc.rules import check
from cdk_epc.spec import EndpointConfigSpec

MODEL = {"ModelName": "m", "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}
COMPONENTS = {"InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}
SERVERLESS = {"ModelName": "m", "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1}}
VPC = {"VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1", "subnet-2"]}}
ISOLATION = {"EnableNetworkIsolation": True}
RULES = {"vpc-with-models", "isolation-with-models"}
UNKNOWN = "${Token[TOKEN.7]}"
CASES: dict[str, tuple[list[dict[str, Any]], dict[str, Any], list[str]]] = {
    "a model in a VPC": (
        [MODEL],
        VPC,
        ["VpcConfig is not allowed because variant v0 has a model with its own network settings"],
    ),
    "an isolated model": (
        [MODEL],
        ISOLATION,
        [
            (
                "EnableNetworkIsolation is not allowed because variant v0 has a model with its own "
                "network isolation"
            )
        ],
    ),
    "a model beside components": (
        [COMPONENTS, MODEL],
        ISOLATION,
        [
            (
                "EnableNetworkIsolation is not allowed because variant v1 has a model with its own "
                "network isolation"
            )
        ],
    ),
    "two models": (
        [MODEL, MODEL],
        VPC,
        ["VpcConfig is not allowed because variant v0 has a model with its own network settings"],
    ),
    "components": ([COMPONENTS], {**VPC, **ISOLATION}, []),
    "a serverless variant": ([SERVERLESS], {**VPC, **ISOLATION}, []),
    "an unknown model": ([{**MODEL, "ModelName": UNKNOWN}], {**VPC, **ISOLATION}, []),
    "no isolation": ([MODEL], {"EnableNetworkIsolation": False}, []),
    "an unknown isolation": ([MODEL], {"EnableNetworkIsolation": UNKNOWN}, []),
}


@pytest.mark.parametrize("case", CASES)
def test_the_network_of_a_configuration_is_for_components(case: str) -> None:
    variants, members, messages = CASES[case]
    given = [{"VariantName": f"v{at}", **each} for at, each in enumerate(variants)]
    spec = spec_of(EndpointConfigSpec, {"ProductionVariants": given, **members})
    assert [each.message for each in check(spec) if each.rule_id in RULES] == messages
