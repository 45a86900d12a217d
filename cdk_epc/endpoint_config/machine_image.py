"""Machine image of a variant whose container image needs a newer driver than the default has."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import attrs

from cdk_epc.constructs.internals import internals_of
from cdk_epc.endpoint_config.variants import InstanceVariant
from cdk_epc.spec import InferenceAmiVersion
from cdk_epc.spec.unresolved import is_list

if TYPE_CHECKING:
    from cdk_epc.catalog.image_traits import Version

_MODELS: Final = "cdk_epc.model.construct"
_CUDA_13: Final = (13,)
_CUDA_13_IMAGE: Final = InferenceAmiVersion.AL2023_GPU_4_1
_CUDA_13_FAMILIES: Final = frozenset(
    {"g4dn", "g5", "g6", "g6e", "p4d", "p4de", "p5", "p5e", "p5en"}
)
"""Families that SageMaker documents for the image; SageMaker's SDK chooses it for these only."""

V = TypeVar("V")


def with_machine_image(variant: V) -> V:
    """Return a variant with the machine image that its container images need, if none is chosen.

    A machine image is chosen for AWS's container images with CUDA 13 only, and only if all instance
    types belong to the families that SageMaker documents for it. With the driver of the default
    machine image, such a container does not start.
    """
    if _MODELS not in sys.modules:  # slow to import; no model with known images exists yet
        return variant
    if not isinstance(variant, InstanceVariant) or variant.inference_ami_version is not None:
        return variant
    if not all(_family(each) in _CUDA_13_FAMILIES for each in _instance_types(variant)):
        return variant
    versions = list(_cuda_versions(variant))
    if not versions or any(each < _CUDA_13 for each in versions):
        return variant
    # Type checkers do not see that a value is an attrs class.
    return cast("V", attrs.evolve(cast("Any", variant), inference_ami_version=_CUDA_13_IMAGE))


def _instance_types(variant: InstanceVariant) -> list[Any]:
    given: Any = variant.instance_type
    if not is_list(given):
        return [given]
    return [getattr(pool, "instance_type", None) for pool in given] or [None]


def _family(instance_type: object) -> str | None:
    name = getattr(instance_type, "name", instance_type)
    return name.split(".")[1] if isinstance(name, str) and name.count(".") == 2 else None  # noqa: PLR2004 - ml.g5.xlarge


def _cuda_versions(variant: InstanceVariant) -> Iterator[Version]:
    """Yield the CUDA versions of the images of AWS that the variant runs, as far as known."""
    from cdk_epc.model.construct import Model  # noqa: PLC0415

    pools: Any = variant.instance_type if is_list(variant.instance_type) else ()
    overrides = (getattr(pool, "model_override", None) for pool in pools)
    for model in (variant.model, *overrides):
        if isinstance(model, Model):
            for traits in internals_of(model).image_traits():
                if traits.cuda is not None:
                    yield traits.cuda
