"""What an `add_*` method gives back: one variant of a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_epc.spec import ProductionVariant
from cdk_epc.spec.unknown import is_given

if TYPE_CHECKING:
    from cdk_epc.constructs.building import Building
    from cdk_epc.spec import EndpointConfigSpec

DEFAULT_WEIGHT = 1.0
"""The weight of a variant that has none given (API reference, ``InitialVariantWeight``)."""


class VariantHandle:
    """One variant of a configuration.

    Attributes:
        config: The configuration that the variant belongs to.
        is_shadow: Whether it gets copies of requests and its answers are thrown away.
    """

    def __init__(self, config: Building, index: int, *, is_shadow: bool) -> None:
        """Point to the variant at this index of the configuration's list."""
        self.config = config
        self.is_shadow = is_shadow
        self._index = index

    @property
    def spec(self) -> ProductionVariant:
        """The variant itself."""
        return _listed(self.config.spec, shadow=self.is_shadow)[self._index]

    @property
    def variant_name(self) -> str:
        """Its name, by which requests, metrics and scaling find it."""
        return self.spec.variant_name or ""

    @property
    def traffic_share(self) -> float | None:
        """Its share of the requests, 0 to 1, as the configuration stands now.

        That is its weight over the sum of the production variants' weights, a weight being 1 where
        none is given. A shadow variant gets a copy of that share of the requests, and at most of
        all.

        Returns:
            ``None`` if a weight is a token, or if all weights are 0.
        """
        weights = [_weight(each) for each in _listed(self.config.spec, shadow=False)]
        own = _weight(self.spec)
        if own is None or None in weights or not (total := sum(w for w in weights if w)):
            return None
        return min(1.0, own / total)


def _listed(spec: EndpointConfigSpec, *, shadow: bool) -> list[ProductionVariant]:
    return [variant for _, variant in (spec.shadow() if shadow else spec.production())]


def _weight(variant: ProductionVariant) -> float | None:
    weight = variant.initial_variant_weight
    if weight is None:
        return DEFAULT_WEIGHT
    return weight if is_given(weight) else None
