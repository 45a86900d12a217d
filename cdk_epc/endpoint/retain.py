"""Retained variant properties: values of a variant that an update of its endpoint keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from cdk_epc._records import Record
from cdk_epc.constructs.internals import internals_of
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.spec import VariantProperty, VariantPropertyType
from cdk_epc.spec.wire import l1_value

if TYPE_CHECKING:
    from cdk_epc.endpoint.construct import Endpoint

_COUNT = VariantPropertyType.DESIRED_INSTANCE_COUNT
_WEIGHT = VariantPropertyType.DESIRED_WEIGHT


@attrs.frozen(eq=False, repr=False)
class RetainedProperties(Record):
    """Variant properties that an update of an endpoint keeps. Use one of the class methods.

    An update sets every variant to the instance count and the weight of the new configuration,
    except for retained properties. A new ``initial_instance_count`` has no effect on an endpoint
    that retains its instance counts.

    By default an endpoint retains nothing until one of its variants is scaled, and from then on
    ``RetainedProperties.instance_counts()``: an update keeps the count that scaling has set, and a
    changed weight takes effect. The setting applies to all variants of the endpoint, so that an
    update also keeps the count of a variant that is not scaled. To change that count, either scale
    that variant too, with the same minimum and maximum (``auto_scale(2, 2)``), or deploy once with
    ``RetainedProperties.nothing()``, which also resets the scaled variants until they scale again.

    CloudFormation accepts the setting in the first deployment, which has nothing to retain yet; the
    API has it for updates only (API reference, ``UpdateEndpoint``).

    Attributes:
        is_on: Whether any property is retained.
        excluded: Properties that are set from the configuration nevertheless.
    """

    is_on: bool
    excluded: tuple[VariantPropertyType, ...] = ()

    @classmethod
    def nothing(cls) -> RetainedProperties:
        """Return a setting with which updates reset instance counts and weights."""
        return cls(is_on=False)

    @classmethod
    def everything(cls) -> RetainedProperties:
        """Return a setting that keeps instance counts and weights; new variants get their own."""
        return cls(is_on=True)

    @classmethod
    def instance_counts(cls) -> RetainedProperties:
        """Return a setting that keeps instance counts and resets weights."""
        return cls(is_on=True, excluded=(_WEIGHT,))

    @classmethod
    def weights(cls) -> RetainedProperties:
        """Return a setting that keeps weights, such as after a manual shift of traffic."""
        return cls(is_on=True, excluded=(_COUNT,))


def is_retaining(given: object) -> bool:
    """Return ``retain_all_variant_properties`` of the API.

    Raises:
        ArgumentTypeError: The value is not a `RetainedProperties`.
    """
    return _checked(given).is_on


def excluded_properties(given: object) -> tuple[VariantProperty, ...] | None:
    """Return ``exclude_retained_variant_properties`` of the API; ``None`` for no property.

    Raises:
        ArgumentTypeError: The value is not a `RetainedProperties`.
    """
    excluded = _checked(given).excluded
    return tuple(VariantProperty(variant_property_type=each.value) for each in excluded) or None


def _checked(given: object) -> RetainedProperties:
    if isinstance(given, RetainedProperties):
        return given
    raise ArgumentTypeError(
        given,
        "a RetainedProperties",
        "Pass RetainedProperties.instance_counts(), or call another of its class methods.",
    )


def retain_instance_counts(endpoint: Endpoint) -> None:
    """Make updates of an endpoint retain instance counts, unless ``retain`` is set.

    The first scaled variant of the endpoint needs this: see `RetainedProperties`.
    """
    internals = internals_of(endpoint)
    if internals.state.spec.retain_all_variant_properties is not None:
        return
    default = RetainedProperties.instance_counts()
    changes = {
        "retain_all_variant_properties": is_retaining(default),
        "exclude_retained_variant_properties": excluded_properties(default),
    }
    internals.state.update([], **changes)
    for member, value in changes.items():
        setattr(internals.resource, member, l1_value(value))
