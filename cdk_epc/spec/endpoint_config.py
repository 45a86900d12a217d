"""The whole configuration: everything ``AWS::SageMaker::EndpointConfig`` has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from operator import attrgetter
from typing import Final, TypeAlias

import attrs

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
    flag,
    members_of,
    part,
    parts,
    text,
)
from cdk_epc.spec.unresolved import is_text, is_unresolved, items_of
from cdk_epc.spec.variants import InstancePool, ProductionVariant


@attrs.frozen(kw_only=True, repr=False)
class EndpointConfigSpec(Spec):
    """What a configuration is, with no CDK in sight."""

    endpoint_config_name: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME)
    )
    production_variants: tuple[ProductionVariant, ...] | None = attrs.field(
        default=None, metadata=parts(ProductionVariant, min_items=1, max_items=10, required=True)
    )
    data_capture_config: DataCaptureConfig | None = attrs.field(
        default=None, metadata=part(DataCaptureConfig)
    )
    tags: tuple[Tag, ...] | None = attrs.field(
        default=None, metadata=parts(Tag, min_items=0, max_items=50)
    )
    kms_key_id: str | None = attrs.field(
        default=None,
        metadata=text(min_length=0, max_length=patterns.KMS_KEY_LENGTH, pattern=patterns.KMS_KEY),
    )
    async_inference_config: AsyncInferenceConfig | None = attrs.field(
        default=None, metadata=part(AsyncInferenceConfig)
    )
    explainer_config: ExplainerConfig | None = attrs.field(
        default=None, metadata=part(ExplainerConfig)
    )
    shadow_production_variants: tuple[ProductionVariant, ...] | None = attrs.field(
        default=None, metadata=parts(ProductionVariant, min_items=1, max_items=10)
    )
    execution_role_arn: str | None = attrs.field(
        default=None, metadata=text(min_length=20, max_length=2048, pattern=patterns.ROLE_ARN)
    )
    vpc_config: VpcConfig | None = attrs.field(default=None, metadata=part(VpcConfig))
    enable_network_isolation: bool | None = attrs.field(default=None, metadata=flag())
    metrics_config: MetricsConfig | None = attrs.field(default=None, metadata=part(MetricsConfig))
    cross_region_traffic_config: CrossRegionTrafficConfig | None = attrs.field(
        default=None,
        metadata=part(
            CrossRegionTrafficConfig,
            api_only="CloudFormation cannot express cross-region traffic; create this "
            "configuration through the API",
        ),
    )

    def production(self) -> BoundAsset:
        """The production variants that are known, each with its place."""
        return _variants_of(self).production

    def shadow(self) -> BoundAsset:
        """The shadow variants that are known, each with its place."""
        return _variants_of(self).shadow

    def variants(self) -> BoundAsset:
        """All variants that are known, production first, each with its place."""
        return _variants_of(self).every

    def members_given(self) -> frozenset[str]:
        """The names of the members that some value was given for, its own and its variants'."""
        return _variants_of(self).given

    def instance_types(self) -> Iterator[tuple[Path, str]]:
        """Every instance type that is known, of variants and of their pools, with its place."""
        for path, variant in self.variants():
            yield from types_of(path, variant)


BoundAsset: TypeAlias = Sequence[tuple[Path, ProductionVariant]]


@attrs.frozen
class _Variants:
    """The variants of a configuration that are known."""

    spec: EndpointConfigSpec | None
    production: BoundAsset
    shadow: BoundAsset
    every: BoundAsset
    given: frozenset[str]


# Nearly every rule asks for the variants, so those of the last configuration are kept.
_LAST: Final = [_Variants(None, (), (), (), frozenset())]


# One call for all values of a spec costs a fraction of a call for each.
_NAMES: Final[dict[type[Spec], tuple[list[str], Callable[[Spec], tuple[object, ...]]]]] = {}


def _variants_of(spec: EndpointConfigSpec) -> _Variants:
    if (known := _LAST[0]).spec is spec:
        return known
    production = _placed("production_variants", spec.production_variants)
    shadow = _placed("shadow_production_variants", spec.shadow_production_variants)
    every = production + shadow
    given = _given(spec).union(*[_given(variant) for _, variant in every])
    _LAST[0] = known = _Variants(spec, production, shadow, every, given)
    return known


def _given(spec: Spec) -> frozenset[str]:
    cls = type(spec)
    if cls not in _NAMES:
        names = [member.name for member in members_of(cls)]
        _NAMES[cls] = (names, attrgetter(*names))
    names, values = _NAMES[cls]
    return frozenset(
        [name for name, value in zip(names, values(spec), strict=True) if value is not None]
    )


def _placed(place: str, variants: object) -> tuple[tuple[Path, ProductionVariant], ...]:
    return tuple(
        ((place, index), variant)
        for index, variant in enumerate(items_of(variants))
        if isinstance(variant, ProductionVariant)
    )


def types_of(path: Path, variant: ProductionVariant) -> Iterator[tuple[Path, str]]:
    """Every instance type of a variant and of its pools that is known, with its place."""
    if is_text(variant.instance_type):
        yield (*path, "instance_type"), variant.instance_type
    for index, pool in enumerate(items_of(variant.instance_pools)):
        name = pool.instance_type if isinstance(pool, InstancePool) else None
        if is_text(name):
            yield (*path, "instance_pools", index, "instance_type"), name


class EndpointKind(StrEnum):
    """A kind of endpoint."""

    REAL_TIME = "real-time"
    """Models on instances that answer at once."""
    ASYNCHRONOUS = "asynchronous"
    """Models on instances behind a queue."""
    SERVERLESS = "serverless"
    """A model without instances of one's own."""
    INFERENCE_COMPONENTS = "inference components"
    """Instances that inference components are placed on."""


def endpoint_kind_of(spec: EndpointConfigSpec) -> EndpointKind | None:
    """The kind of endpoint that a configuration is for; ``None`` where that is not known yet."""
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
