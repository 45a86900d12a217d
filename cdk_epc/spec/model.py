"""A model: everything ``AWS::SageMaker::Model`` has.

Source of the members and their bounds: botocore's sagemaker model, shape ``CreateModelInput``, and
CloudFormation's schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from cdk_epc.spec import patterns
from cdk_epc.spec.containers import ContainerDefinition
from cdk_epc.spec.enums import InferenceExecutionMode
from cdk_epc.spec.features import Tag, VpcConfig
from cdk_epc.spec.fields import (
    Path,
    Spec,
    choice,
    flag,
    part,
    parts,
    text,
)
from cdk_epc.spec.unresolved import items_of


@attrs.frozen(kw_only=True, repr=False)
class InferenceExecutionConfig(Spec):
    """How the containers of a model work together."""

    mode: str | None = attrs.field(
        default=None, metadata=choice(InferenceExecutionMode, required=True)
    )


@attrs.frozen(kw_only=True, repr=False)
class ModelSpec(Spec):
    """What a model is, with no CDK in sight."""

    model_name: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME)
    )
    primary_container: ContainerDefinition | None = attrs.field(
        default=None, metadata=part(ContainerDefinition)
    )
    containers: tuple[ContainerDefinition, ...] | None = attrs.field(
        default=None, metadata=parts(ContainerDefinition, min_items=0, max_items=15)
    )
    inference_execution_config: InferenceExecutionConfig | None = attrs.field(
        default=None, metadata=part(InferenceExecutionConfig)
    )
    execution_role_arn: str | None = attrs.field(
        default=None, metadata=text(min_length=20, max_length=2048, pattern=patterns.ROLE_ARN)
    )
    tags: tuple[Tag, ...] | None = attrs.field(
        default=None, metadata=parts(Tag, min_items=0, max_items=50)
    )
    vpc_config: VpcConfig | None = attrs.field(default=None, metadata=part(VpcConfig))
    enable_network_isolation: bool | None = attrs.field(default=None, metadata=flag())

    def in_order(self) -> Iterator[tuple[Path, ContainerDefinition]]:
        """The known ones of ``Containers``, each with its place."""
        for index, container in enumerate(items_of(self.containers)):
            if isinstance(container, ContainerDefinition):
                yield ("containers", index), container

    def every_container(self) -> Iterator[tuple[Path, ContainerDefinition]]:
        """All containers that are known, the primary one first, each with its place."""
        if isinstance(self.primary_container, ContainerDefinition):
            yield ("primary_container",), self.primary_container
        yield from self.in_order()

    def execution_mode(self) -> object:
        """How the containers work together as it was written; ``Serial`` is what SageMaker takes.

        An unknown value where it is unknown.
        """
        config: Any = self.inference_execution_config
        if config is None:
            return InferenceExecutionMode.SERIAL
        return config.mode if isinstance(config, InferenceExecutionConfig) else config
