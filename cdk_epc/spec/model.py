"""Model: all members of ``AWS::SageMaker::Model``.

Source of the members and their bounds: botocore's sagemaker model, shape ``CreateModelInput``, and
CloudFormation's schema.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import attrs

from cdk_epc.spec import patterns
from cdk_epc.spec.containers import ContainerDefinition
from cdk_epc.spec.enums import InferenceExecutionMode
from cdk_epc.spec.features import Tag, VpcConfig
from cdk_epc.spec.fields import (
    Path,
    Spec,
    boolean,
    choice,
    nested,
    nested_list,
    string,
)
from cdk_epc.spec.kept import kept_in_spec
from cdk_epc.spec.unresolved import items_of


@attrs.frozen(kw_only=True, repr=False, eq=False)
class InferenceExecutionConfig(Spec):
    """Execution mode of a model with several containers."""

    mode: str | None = attrs.field(
        default=None, metadata=choice(InferenceExecutionMode, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ModelSpec(Spec):
    """Model in the shape of the API; independent of CDK."""

    model_name: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME)
    )
    primary_container: ContainerDefinition | None = attrs.field(
        default=None, metadata=nested(ContainerDefinition)
    )
    containers: tuple[ContainerDefinition, ...] | None = attrs.field(
        default=None, metadata=nested_list(ContainerDefinition, min_items=0, max_items=15)
    )
    inference_execution_config: InferenceExecutionConfig | None = attrs.field(
        default=None, metadata=nested(InferenceExecutionConfig)
    )
    execution_role_arn: str | None = attrs.field(
        default=None, metadata=string(min_length=20, max_length=2048, pattern=patterns.ROLE_ARN)
    )
    tags: tuple[Tag, ...] | None = attrs.field(
        default=None, metadata=nested_list(Tag, min_items=0, max_items=50)
    )
    vpc_config: VpcConfig | None = attrs.field(default=None, metadata=nested(VpcConfig))
    enable_network_isolation: bool | None = attrs.field(default=None, metadata=boolean())

    def listed_containers(self) -> LocatedContainers:
        """Return the resolved items of ``Containers``, each with its path."""
        return _listed_containers(self)

    def every_container(self) -> LocatedContainers:
        """Return all resolved containers, the primary one first, each with its path."""
        return _every_container(self)

    def execution_mode(self) -> object:
        """Return the execution mode of the containers.

        Returns:
            The given mode, SageMaker's default ``Serial`` if none is given, or the unresolved
            value.
        """
        config: Any = self.inference_execution_config
        if config is None:
            return InferenceExecutionMode.SERIAL
        return config.mode if isinstance(config, InferenceExecutionConfig) else config


LocatedContainers: TypeAlias = tuple[tuple[Path, ContainerDefinition], ...]
"""Containers, each with its path: ``("containers", 0)``."""


@kept_in_spec
def _listed_containers(spec: ModelSpec) -> LocatedContainers:
    return tuple(
        (("containers", index), container)
        for index, container in enumerate(items_of(spec.containers))
        if isinstance(container, ContainerDefinition)
    )


@kept_in_spec
def _every_container(spec: ModelSpec) -> LocatedContainers:
    primary = spec.primary_container
    if isinstance(primary, ContainerDefinition):
        return ((("primary_container",), primary), *spec.listed_containers())
    return spec.listed_containers()
