"""The metrics of a variant as one configuration runs it, which is what a deployment looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import attrs

from cdk_epc.catalog.metrics import Dimensions, PublishedMetric, invocations
from cdk_epc.monitoring.invocations import InvocationMetrics
from cdk_epc.monitoring.metric_factory import any_metric, measures
from cdk_epc.monitoring.options import MetricOptions
from cdk_epc.monitoring.place import Place
from cdk_epc.monitoring.refusing import refuse
from cdk_epc.rules.monitoring import VARIANTS_UNKNOWN

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Metric

    from cdk_epc.endpoint_config.base import EndpointConfigBase


class FleetMetrics(InvocationMetrics):
    """What CloudWatch knows of the requests of one fleet."""

    metric_invocations_per_instance = measures(invocations.INVOCATIONS_PER_INSTANCE)
    metric_concurrent_requests_per_model = measures(invocations.CONCURRENT_REQUESTS_PER_MODEL)
    metric_explanations_per_instance = measures(invocations.EXPLANATIONS_PER_INSTANCE)

    def __init__(self, variant: Place, config: EndpointConfigBase | None) -> None:
        """The fleet that a configuration has for a variant.

        Raises:
            EndpointConfigError: There is no configuration.
        """
        if config is None:
            refuse(
                variant,
                VARIANTS_UNKNOWN,
                got="a fleet without a configuration",
                allowed="the configuration that the fleet is of, which an imported endpoint hides",
                fix="Say which: fleet(endpoint_config).",
            )
        name = config.endpoint_config_name
        self._place = attrs.evolve(
            variant,
            title=f"the fleet of {variant.title}",
            by=Dimensions.FLEET,
            dimensions={**variant.dimensions, "EndpointConfigName": name},
        )

    def metric(
        self,
        metric: PublishedMetric | str,
        *,
        namespace: str | None = None,
        **options: Unpack[MetricOptions],
    ) -> Metric:
        """A metric by its name, with the dimensions of the fleet.

        See `VariantMetrics.metric`.
        """
        return any_metric(self._place, metric, namespace, options)
