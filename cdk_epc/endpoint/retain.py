"""What an update of an endpoint leaves as it is, although the configuration says otherwise."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.spec import VariantProperty, VariantPropertyType

_COUNT = VariantPropertyType.DESIRED_INSTANCE_COUNT
_WEIGHT = VariantPropertyType.DESIRED_WEIGHT


@attrs.frozen
class RetainedProperties:
    """What an update leaves as it is: make one with `nothing`, `everything`, or one of the others.

    An update sets every variant back to its initial count and its initial weight, unless it is told
    to retain them. Then again, what is retained cannot be changed by the configuration: a new
    ``initial_instance_count`` has no effect on an endpoint that retains its counts.

    By default an endpoint says nothing of it until one of its variants scales. From then on it is
    ``RetainedProperties.instance_counts()``: the number that scaling has come to survives, and a changed weight
    takes effect. Scaling is of one variant, retaining of the whole endpoint, so that the count of a
    variant beside it that does not scale stays what it is, too. To change that, either scale that
    variant as well, from a number to the same number (``auto_scale(2, 2)``), or deploy once with
    ``RetainedProperties.nothing()``, which sets the scaled ones back, too, until scaling acts again.

    The API's reference speaks of retaining on updates only. CloudFormation takes it from the first
    deployment on, when there is nothing to retain yet.

    Attributes:
        is_on: Whether anything is retained.
        but_not: What is taken from the configuration all the same.
    """

    is_on: bool
    but_not: tuple[VariantPropertyType, ...] = ()

    @classmethod
    def nothing(cls) -> RetainedProperties:
        """Every update sets counts and weights back to what the configuration says."""
        return cls(is_on=False)

    @classmethod
    def everything(cls) -> RetainedProperties:
        """Counts and weights stay; what the configuration says counts for new variants only."""
        return cls(is_on=True)

    @classmethod
    def instance_counts(cls) -> RetainedProperties:
        """Counts stay, weights are those of the configuration."""
        return cls(is_on=True, but_not=(_WEIGHT,))

    @classmethod
    def weights(cls) -> RetainedProperties:
        """Weights stay, as after a shift of traffic by hand; counts are the configuration's."""
        return cls(is_on=True, but_not=(_COUNT,))


def is_retaining(given: object) -> bool:
    """Whether anything is retained, as the API takes it."""
    return _known(given).is_on


def not_retained(given: object) -> tuple[VariantProperty, ...] | None:
    """What is taken from the configuration all the same, as the API takes it."""
    return _properties(_known(given).but_not)


def _properties(types: Iterable[VariantPropertyType]) -> tuple[VariantProperty, ...] | None:
    return tuple(VariantProperty(variant_property_type=each.value) for each in types) or None


def _known(given: object) -> RetainedProperties:
    if isinstance(given, RetainedProperties):
        return given
    raise ArgumentTypeError(
        given,
        "a RetainedProperties",
        "Write RetainedProperties.instance_counts(), or another of its kind.",
    )
