"""Variant handle: one variant of a configuration, with its metrics and its scaling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from cdk_epc.constructs.call_signature import reports_wrong_arguments
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.internals import internals_of
from cdk_epc.monitoring.variant_metrics import VariantMetrics
from cdk_epc.rules.call_errors import NOT_HOSTED_ONCE
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec import Path, ProductionVariant
from cdk_epc.spec.unresolved import is_resolved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cdk_epc.autoscaling import ScalableVariant
    from cdk_epc.endpoint_config.construct import EndpointConfig
    from cdk_epc.endpoint_config.context import HostingEndpoint
    from cdk_epc.spec import EndpointConfigSpec

DEFAULT_WEIGHT: Final = 1.0
"""Weight of a variant that has none (API reference, ``InitialVariantWeight``)."""


class VariantHandle(VariantMetrics):
    """Variant of a configuration, with its metrics and its scaling; the `add_*` methods return it.

    Metrics and scaling belong to an endpoint. The handle finds the endpoint, if the configuration
    has exactly one: create the `Endpoint` first, and then call ``variant.auto_scale(...)`` or
    ``variant.metric_invocations()``. With several endpoints, `Endpoint.variant` returns the handle
    of the variant on one of them.

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

    if not TYPE_CHECKING:  # for a type checker, a method of the scalable target stays an error

        def __getattr__(self, name: str) -> NoReturn:
            """Refuse a method of the scalable target with the call that it needs."""
            text = f"{type(self).__name__!r} object has no attribute {name!r}"
            if name.startswith("scale_"):
                text += f"; write auto_scale(min_capacity, max_capacity).{name}(...)"
            raise AttributeError(text, name=name, obj=self)

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

    @property
    def endpoint(self) -> HostingEndpoint:
        """The only endpoint of the configuration.

        Raises:
            EndpointConfigError: The configuration has no endpoint or several ones.
        """
        endpoints = internals_of(self.config).endpoints
        if len(endpoints) != 1:
            self._raise_ambiguous(len(endpoints))
        return endpoints[0]

    @property
    def scaling(self) -> ScalableVariant | None:
        """Scalable target of `auto_scale`; ``None`` before that call, or with several endpoints."""
        endpoints = internals_of(self.config).endpoints
        return endpoints[0].variant(self).scaling if len(endpoints) == 1 else None

    @reports_wrong_arguments()
    def auto_scale(
        self,
        min_capacity: int,
        max_capacity: int,
        *,
        scale_from_zero: bool | None = None,
        acknowledge: Mapping[str, str] | None = None,
    ) -> ScalableVariant:
        """Scale the variant between two capacities, by the policies of the returned target.

        From then on an update of the endpoint retains the instance counts, unless the endpoint has
        its own setting. SageMaker refuses an update that removes a scaled variant or changes its
        instance type: remove the scaling in an earlier deployment, or add another variant. In the
        deployment that removes the scaling, pass ``retain=RetainedProperties.instance_counts()`` to
        the endpoint; otherwise the update resets the counts to the initial ones.

        Args:
            min_capacity: Minimum number of instances, 1 or more; 0 or more on an asynchronous
                endpoint. For a serverless variant the minimum provisioned concurrency.
            max_capacity: Maximum, likewise.
            scale_from_zero: Whether an asynchronous endpoint starts its first instance as soon as a
                request waits; by default if the variant can scale to 0. Otherwise requests wait
                until their number exceeds the target value of a policy.
            acknowledge: Reasons by the id of the rule whose findings are acknowledged.

        Raises:
            EndpointConfigError: The configuration has no endpoint or several ones, SageMaker cannot
                scale the variant between these capacities, or the variant is scaled already.
        """
        return self.endpoint.variant(self).auto_scale(
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

    def _raise_ambiguous(self, endpoints: int) -> NoReturn:
        name, count = self.variant_name, str(endpoints or "none")
        violation = Violation(
            path=self.path,
            got=Words(count),
            sentence=f"scaling and metrics of variant {name!r} need one endpoint, but the "
            f"configuration has {count}",
            fix="Create the Endpoint before the call; with several endpoints, use "
            f"endpoint.variant({name!r}) of one of them.",
        )
        internals_of(self.config).state.raise_call_error(
            NOT_HOSTED_ONCE, violation, f"variant {name!r}", CallSite.current()
        )


def _variants(spec: EndpointConfigSpec, *, shadow: bool) -> list[ProductionVariant]:
    return [variant for _, variant in (spec.shadow() if shadow else spec.production())]


def _weight(variant: ProductionVariant) -> float | None:
    weight = variant.initial_variant_weight
    if weight is None:
        return DEFAULT_WEIGHT
    return weight if is_resolved(weight) else None
