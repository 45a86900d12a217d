"""Variant handle: a reference to one variant of a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.internals import internals_of
from cdk_epc.rules.call_errors import NOT_HOSTED_ONCE
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec import Path, ProductionVariant
from cdk_epc.spec.unresolved import is_resolved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cdk_epc.autoscaling import ScalableVariant
    from cdk_epc.endpoint_config.construct import EndpointConfig
    from cdk_epc.spec import EndpointConfigSpec

DEFAULT_WEIGHT: Final = 1.0
"""Weight of a variant that has none (API reference, ``InitialVariantWeight``)."""


class VariantHandle:
    """Reference to one variant of a configuration; the `add_*` methods return it.

    Attributes:
        config: Configuration of the variant.
        is_shadow: Whether the variant is a shadow variant: it gets copies of requests, and
            SageMaker discards its responses.
    """

    def __init__(self, config: EndpointConfig, index: int, *, is_shadow: bool) -> None:
        """Refer to the variant at this index of the configuration's list."""
        self.config = config
        self.is_shadow = is_shadow
        self._index = index

    @property
    def path(self) -> Path:
        """Path of the variant in the configuration's spec."""
        member = "shadow_production_variants" if self.is_shadow else "production_variants"
        return (member, self._index)

    @property
    def spec(self) -> ProductionVariant:
        """Spec of the variant."""
        return _variants(self.config.spec, shadow=self.is_shadow)[self._index]

    @property
    def variant_name(self) -> str:
        """Name of the variant, which requests, metrics and scaling refer to."""
        return self.spec.variant_name or ""

    def auto_scale(
        self,
        min_capacity: int,
        max_capacity: int,
        *,
        scale_from_zero: bool | None = None,
        acknowledge: Mapping[str, str] | None = None,
    ) -> ScalableVariant:
        """Scale the variant on the only endpoint of its configuration.

        For a configuration with several endpoints, call `EndpointVariant.auto_scale` of the variant
        on one of them: ``endpoint.variant(handle).auto_scale(...)``.

        Args:
            min_capacity: See `EndpointVariant.auto_scale`, like all arguments.
            max_capacity: Maximum capacity.
            scale_from_zero: Whether an asynchronous endpoint starts its first instance as soon as a
                request waits.
            acknowledge: Reasons by the id of the rule whose findings are acknowledged.

        Returns:
            The scalable target, to which policies are added.

        Raises:
            EndpointConfigError: The configuration has no endpoint or several ones, or SageMaker
                cannot scale the variant between these capacities.
        """
        internals = internals_of(self.config)
        if len(internals.endpoints) != 1:
            count = len(internals.endpoints) or "none"
            violation = Violation(
                path=self.path,
                got=Words(f"{count}"),
                sentence=f"auto_scale() of variant {self.variant_name!r} needs one endpoint, "
                f"but the configuration has {count}",
                fix="Create the Endpoint before the call; with several endpoints, call "
                f"endpoint.variant({self.variant_name!r}).auto_scale(...) of one of them.",
            )
            argument = f"variant {self.variant_name!r}"
            internals.state.raise_call_error(
                NOT_HOSTED_ONCE, violation, argument, CallSite.current()
            )
        (endpoint,) = internals.endpoints
        return endpoint.variant(self).auto_scale(
            min_capacity, max_capacity, scale_from_zero=scale_from_zero, acknowledge=acknowledge
        )

    @property
    def traffic_share(self) -> float | None:
        """Share of the requests, 0 to 1, in the current configuration; ``None`` if unknown.

        The share is the variant's weight divided by the sum of the weights of the production
        variants; the default weight is 1. For a shadow variant it is the share of the requests that
        are copied, 1 at most. It is unknown if a weight is a token or if all weights are 0.
        """
        weights = [_weight(each) for each in _variants(self.config.spec, shadow=False)]
        own = _weight(self.spec)
        if own is None or None in weights or not (total := sum(w for w in weights if w)):
            return None
        return min(1.0, own / total)


def _variants(spec: EndpointConfigSpec, *, shadow: bool) -> list[ProductionVariant]:
    return [variant for _, variant in (spec.shadow() if shadow else spec.production())]


def _weight(variant: ProductionVariant) -> float | None:
    weight = variant.initial_variant_weight
    if weight is None:
        return DEFAULT_WEIGHT
    return weight if is_resolved(weight) else None
