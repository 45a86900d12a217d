"""What an `add_*` method gives back: one variant of a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.rules.call_errors import NOT_HOSTED_ONCE
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec import Path, ProductionVariant
from cdk_epc.spec.unresolved import is_given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cdk_epc.autoscaling import ScalableVariant
    from cdk_epc.endpoint.variant import EndpointVariant
    from cdk_epc.endpoint_config.construct import Building
    from cdk_epc.spec import EndpointConfigSpec

DEFAULT_WEIGHT = 1.0
"""The weight of a variant that has none given (API reference, ``InitialVariantWeight``)."""


class Hosts(Protocol):
    """What an endpoint tells its configuration: it has the variants as they run."""

    def variant(self, variant: str | VariantHandle) -> EndpointVariant:
        """The variant of this name, as it runs."""
        ...


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
    def place(self) -> Path:
        """Where it is in the configuration's spec."""
        member = "shadow_production_variants" if self.is_shadow else "production_variants"
        return (member, self._index)

    @property
    def spec(self) -> ProductionVariant:
        """The variant itself."""
        return _listed(self.config.spec, shadow=self.is_shadow)[self._index]

    @property
    def variant_name(self) -> str:
        """Its name, by which requests, metrics and scaling find it."""
        return self.spec.variant_name or ""

    @property
    def hosted(self) -> EndpointVariant:
        """The variant as it runs, on the only `Endpoint` of its configuration.

        That one has its metrics and its scaling. Of several endpoints, ask one:
        ``endpoint.variant(handle)``.

        Raises:
            EndpointConfigError: There is no endpoint with the configuration yet, or more than one.
        """
        endpoints = self.config._endpoints  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
        if len(endpoints) != 1:
            violation = Violation(
                path=self.place,
                got=Words(f"{len(endpoints)} endpoints with the configuration"),
                must="be one Endpoint",
                fix="Make the Endpoint first; of several, ask the one that is meant: "
                f"endpoint.variant({self.variant_name!r}).",
            )
            words = f"variant {self.variant_name!r}"
            state = self.config._state  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
            state.raise_call_error(NOT_HOSTED_ONCE, violation, words, CallSite.current())
        return endpoints[0].variant(self)

    def auto_scale(
        self,
        min_capacity: int,
        max_capacity: int,
        *,
        wake_up: bool | None = None,
        acknowledge: Mapping[str, str] | None = None,
    ) -> ScalableVariant:
        """Scale the variant on the only endpoint of its configuration.

        The same as ``hosted.auto_scale``, where the arguments are described.

        Raises:
            EndpointConfigError: There is no such endpoint, or SageMaker could not scale this.
        """
        return self.hosted.auto_scale(
            min_capacity, max_capacity, wake_up=wake_up, acknowledge=acknowledge
        )

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
