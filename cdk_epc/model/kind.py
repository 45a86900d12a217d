"""The words of a model's constructor."""

from __future__ import annotations

from typing import Any, Final

from cdk_epc.constructs.convert import role_arn
from cdk_epc.constructs.resource_type import Kind, tags_of
from cdk_epc.spec import InferenceExecutionConfig, ModelSpec


def _execution(mode: Any) -> object:  # noqa: ANN401 - whatever was given, for the rules to see
    return InferenceExecutionConfig(mode=mode)


MODEL: Final = Kind(
    spec=ModelSpec,
    arguments={
        "model_name": "model_name",
        "primary_container": "container",
        "containers": "containers",
        "inference_execution_config": "execution_mode",
        "execution_role_arn": "execution_role",
        "vpc_config": "vpc",
        "enable_network_isolation": "network_isolation",
        "tags": "tags",
    },
    lists=frozenset({"containers"}),
    lower={
        "execution_role_arn": role_arn,
        "inference_execution_config": _execution,
        "tags": tags_of,
    },
    is_whole_at_once=True,
)
"""A model."""
