"""Endpoint configuration: all members of ``AWS::SageMaker::EndpointConfig``.

Source of the members and their bounds: botocore's sagemaker model, shape
``CreateEndpointConfigInput``, and CloudFormation's schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TypeAlias

import attrs

from cdk_epc._records import Record
from cdk_epc.spec import patterns
from cdk_epc.spec.explainer import ExplainerConfig
from cdk_epc.spec.features import (
    AsyncInferenceConfig,
    CrossRegionTrafficConfig,
    DataCaptureConfig,
    MetricsConfig,
    Tag,
    VpcConfig,
)
from cdk_epc.spec.fields import (
    Path,
    Spec,
    boolean,
    nested,
    nested_list,
    string,
)
from cdk_epc.spec.kept import kept_in_spec
from cdk_epc.spec.unresolved import is_string, is_unresolved, items_of
from cdk_epc.spec.variants import InstancePool, ProductionVariant


@attrs.frozen(kw_only=True, repr=False, eq=False)
class EndpointConfigSpec(Spec):
    """Endpoint configuration in the shape of the API; independent of CDK."""

    endpoint_config_name: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME)
    )
    production_variants: tuple[ProductionVariant, ...] | None = attrs.field(
        default=None,
        metadata=nested_list(ProductionVariant, min_items=1, max_items=10, required=True),
    )
    data_capture_config: DataCaptureConfig | None = attrs.field(
        default=None, metadata=nested(DataCaptureConfig)
    )
    tags: tuple[Tag, ...] | None = attrs.field(
        default=None, metadata=nested_list(Tag, min_items=0, max_items=50)
    )
    kms_key_id: str | None = attrs.field(
        default=None,
        metadata=string(min_length=0, max_length=patterns.KMS_KEY_LENGTH, pattern=patterns.KMS_KEY),
    )
    async_inference_config: AsyncInferenceConfig | None = attrs.field(
        default=None, metadata=nested(AsyncInferenceConfig)
    )
    explainer_config: ExplainerConfig | None = attrs.field(
        default=None, metadata=nested(ExplainerConfig)
    )
    shadow_production_variants: tuple[ProductionVariant, ...] | None = attrs.field(
        default=None, metadata=nested_list(ProductionVariant, min_items=1, max_items=10)
    )
    execution_role_arn: str | None = attrs.field(
        default=None, metadata=string(min_length=20, max_length=2048, pattern=patterns.ROLE_ARN)
    )
    vpc_config: VpcConfig | None = attrs.field(default=None, metadata=nested(VpcConfig))
    enable_network_isolation: bool | None = attrs.field(default=None, metadata=boolean())
    metrics_config: MetricsConfig | None = attrs.field(default=None, metadata=nested(MetricsConfig))
    cross_region_traffic_config: CrossRegionTrafficConfig | None = attrs.field(
        default=None,
        metadata=nested(
            CrossRegionTrafficConfig,
            api_only="CloudFormation cannot express cross-region traffic; create this "
            "configuration through the API",
        ),
    )

    def production(self) -> LocatedVariants:
        """Return the resolved production variants, each with its path."""
        return _variants_of(self).production

    def shadow(self) -> LocatedVariants:
        """Return the resolved shadow variants, each with its path."""
        return _variants_of(self).shadow

    def variants(self) -> LocatedVariants:
        """Return all resolved variants, production variants first, each with its path."""
        return _variants_of(self).all

    def instance_types(self) -> Iterator[tuple[Path, str]]:
        """Return each resolved instance type of the variants and their pools, with its path."""
        return iter(_instance_types_of(self))


LocatedVariants: TypeAlias = Sequence[tuple[Path, ProductionVariant]]
"""Variants, each with its path: ``("production_variants", 0)``."""


@attrs.frozen(eq=False, repr=False)
class _Variants(Record):
    """Resolved variants of a configuration."""

    production: LocatedVariants
    shadow: LocatedVariants
    all: LocatedVariants


@kept_in_spec
def _variants_of(spec: EndpointConfigSpec) -> _Variants:
    production = _located("production_variants", spec.production_variants)
    shadow = _located("shadow_production_variants", spec.shadow_production_variants)
    return _Variants(production, shadow, production + shadow)


def _located(member: str, variants: object) -> tuple[tuple[Path, ProductionVariant], ...]:
    return tuple(
        ((member, index), variant)
        for index, variant in enumerate(items_of(variants))
        if isinstance(variant, ProductionVariant)
    )


@kept_in_spec
def _instance_types_of(spec: EndpointConfigSpec) -> tuple[tuple[Path, str], ...]:
    return tuple(
        located for path, variant in spec.variants() for located in instance_types_of(path, variant)
    )


def instance_types_of(path: Path, variant: ProductionVariant) -> Iterator[tuple[Path, str]]:
    """Yield each resolved instance type of a variant and of its pools, with its path."""
    if is_string(variant.instance_type):
        yield (*path, "instance_type"), variant.instance_type
    for index, pool in enumerate(items_of(variant.instance_pools)):
        name = pool.instance_type if isinstance(pool, InstancePool) else None
        if is_string(name):
            yield (*path, "instance_pools", index, "instance_type"), name


class EndpointKind(StrEnum):
    """Kind of endpoint, by its way to host models."""

    REAL_TIME = "real-time"
    """Models on instances; the response to a request is synchronous."""
    ASYNCHRONOUS = "asynchronous"
    """Models on instances that process a queue of requests."""
    SERVERLESS = "serverless"
    """Model without instances of the account; SageMaker provides the capacity."""
    INFERENCE_COMPONENTS = "inference components"
    """Instances that host inference components."""


def endpoint_kind_of(spec: EndpointConfigSpec) -> EndpointKind | None:
    """Return the kind of endpoint of a configuration; ``None`` if it is not known yet."""
    if spec.async_inference_config is not None:
        return None if is_unresolved(spec.async_inference_config) else EndpointKind.ASYNCHRONOUS
    kinds = {_kind_of(variant) for _, variant in spec.production()}
    return kinds.pop() if len(kinds) == 1 else None


def _kind_of(variant: ProductionVariant) -> EndpointKind | None:
    if variant.serverless_config is not None:
        return None if is_unresolved(variant.serverless_config) else EndpointKind.SERVERLESS
    return (
        EndpointKind.INFERENCE_COMPONENTS if variant.model_name is None else EndpointKind.REAL_TIME
    )
