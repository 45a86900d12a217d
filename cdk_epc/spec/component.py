"""An inference component: everything ``AWS::SageMaker::InferenceComponent`` has.

Source of the members and their bounds: botocore's sagemaker model, shapes
``CreateInferenceComponentInput`` and ``UpdateInferenceComponentInput``, and CloudFormation's
schema. Where one of the two is narrower, that one holds here: a component comes through both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import attrs

from cdk_epc.spec import patterns
from cdk_epc.spec.component_specification import (
    AnySpecification,
    ComponentSpecification,
    InstanceTypeSpecification,
)
from cdk_epc.spec.endpoint import AutoRollbackConfiguration
from cdk_epc.spec.enums import ComponentCapacitySizeType
from cdk_epc.spec.features import Tag
from cdk_epc.spec.fields import (
    Spec,
    choice,
    part,
    parts,
    text,
    whole,
)
from cdk_epc.spec.paths import Path
from cdk_epc.spec.unresolved import is_text, items_of


@attrs.frozen(kw_only=True, repr=False)
class ComponentRuntimeConfig(Spec):
    """How many copies there are. CloudFormation does without the number; the API does not."""

    READ_ONLY: ClassVar = frozenset({"CurrentCopyCount", "DesiredCopyCount", "PlacementStatus"})

    copy_count: int | None = attrs.field(default=None, metadata=whole(0, required=True))


@attrs.frozen(kw_only=True, repr=False)
class ComponentCapacitySize(Spec):
    """How many copies one step of a deployment takes: a number, or a share in percent."""

    type: str | None = attrs.field(
        default=None, metadata=choice(ComponentCapacitySizeType, required=True)
    )
    value: int | None = attrs.field(default=None, metadata=whole(1, required=True))


@attrs.frozen(kw_only=True, repr=False)
class ComponentRollingUpdatePolicy(Spec):
    """An update that replaces the copies batch by batch. Times are in seconds.

    CloudFormation does without the batch and the wait; the API does not.
    """

    maximum_batch_size: ComponentCapacitySize | None = attrs.field(
        default=None, metadata=part(ComponentCapacitySize, required=True)
    )
    wait_interval_in_seconds: int | None = attrs.field(
        default=None, metadata=whole(0, 3600, required=True)
    )
    maximum_execution_timeout_in_seconds: int | None = attrs.field(
        default=None, metadata=whole(600, 28800)
    )
    rollback_maximum_batch_size: ComponentCapacitySize | None = attrs.field(
        default=None, metadata=part(ComponentCapacitySize)
    )


@attrs.frozen(kw_only=True, repr=False)
class ComponentDeploymentConfig(Spec):
    """How an update of the component is carried out; its creation has no use for it.

    CloudFormation does without the rolling policy; the API does not.
    """

    rolling_update_policy: ComponentRollingUpdatePolicy | None = attrs.field(
        default=None, metadata=part(ComponentRollingUpdatePolicy, required=True)
    )
    auto_rollback_configuration: AutoRollbackConfiguration | None = attrs.field(
        default=None, metadata=part(AutoRollbackConfiguration)
    )


@attrs.frozen(kw_only=True, repr=False)
class ComponentTag(Tag):
    """A label of a component. CloudFormation wants a value of one character at least."""

    value: str | None = attrs.field(
        default=None, metadata=text(max_length=256, pattern=patterns.TAG_TEXT, required=True)
    )


@attrs.frozen(kw_only=True, repr=False)
class InferenceComponentSpec(Spec):
    """What an inference component is, with no CDK in sight.

    The deployment is a member of an update; CloudFormation has it beside the others.
    """

    READ_ONLY: ClassVar = frozenset(
        {
            "CreationTime",
            "FailureReason",
            "InferenceComponentArn",
            "InferenceComponentStatus",
            "LastModifiedTime",
        }
    )

    inference_component_name: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME)
    )
    endpoint_name: str | None = attrs.field(
        default=None,
        metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME, required=True),
    )
    endpoint_arn: str | None = attrs.field(default=None, metadata=text(max_length=256))
    variant_name: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME)
    )
    specification: ComponentSpecification | None = attrs.field(
        default=None, metadata=part(ComponentSpecification)
    )
    specifications: tuple[InstanceTypeSpecification, ...] | None = attrs.field(
        default=None, metadata=parts(InstanceTypeSpecification, min_items=2, max_items=5)
    )
    runtime_config: ComponentRuntimeConfig | None = attrs.field(
        default=None, metadata=part(ComponentRuntimeConfig)
    )
    deployment_config: ComponentDeploymentConfig | None = attrs.field(
        default=None, metadata=part(ComponentDeploymentConfig)
    )
    tags: tuple[ComponentTag, ...] | None = attrs.field(
        default=None, metadata=parts(ComponentTag, min_items=0, max_items=50)
    )

    def every_specification(self) -> Iterator[tuple[Path, AnySpecification]]:
        """Everything that the component runs and that is known, each with its place."""
        if isinstance(self.specification, ComponentSpecification):
            yield ("specification",), self.specification
        for index, each in enumerate(items_of(self.specifications)):
            if isinstance(each, InstanceTypeSpecification):
                yield ("specifications", index), each

    def instance_types(self) -> Iterator[tuple[Path, str]]:
        """Each instance type that is known, with its place."""
        for path, each in self.every_specification():
            if is_text(each.instance_type):
                yield (*path, "instance_type"), each.instance_type
