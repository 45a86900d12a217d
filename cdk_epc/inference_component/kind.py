"""Components as something that is drafted: the words of their constructor."""

from __future__ import annotations

from typing import Final

from cdk_epc.constructs.resource_type import Kind
from cdk_epc.inference_component.convert import (
    component_tags,
    endpoint_name,
    runtime_config,
    variant_name,
)
from cdk_epc.spec import InferenceComponentSpec

COMPONENT: Final = Kind(
    spec=InferenceComponentSpec,
    arguments={
        "inference_component_name": "inference_component_name",
        "endpoint_name": "endpoint",
        "variant_name": "variant",
        "specification": "",  # whose members are arguments themselves
        "specifications": "specifications",
        "runtime_config": "copies",
        "deployment_config": "deployment",
        "deployment_config.auto_rollback_configuration": "rollback_alarms",
        "deployment_config.rolling_update_policy": "deployment",
        "tags": "tags",
    },
    lists=frozenset({"specifications"}),
    lower={
        "endpoint_name": endpoint_name,
        "variant_name": variant_name,
        "runtime_config": runtime_config,
        "tags": component_tags,
    },
    is_whole_at_once=True,
)
"""An inference component."""
