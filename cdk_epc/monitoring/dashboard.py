"""The dashboard of an endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import attrs
import aws_cdk as cdk

from cdk_epc.catalog.metrics import (
    Detail,
    Dimensions,
    PublishedMetric,
)
from cdk_epc.catalog.metrics import (
    instances as hosts,
)
from cdk_epc.monitoring.component_metrics import ComponentMetrics
from cdk_epc.monitoring.dashboard_graphs import (
    HEIGHT,
    Graph,
    graphs_of_errors,
    graphs_of_latency,
    graphs_of_models,
    graphs_of_requests,
    graphs_of_scaling,
    graphs_of_use,
)
from cdk_epc.monitoring.dashboard_series import DashboardEntry, scaling_of
from cdk_epc.monitoring.metric_availability import containers_of, is_multi_model, machine_of, refuse
from cdk_epc.monitoring.metric_math import expression
from cdk_epc.monitoring.metric_source import MetricOptions, Place, lasting
from cdk_epc.rules.call_errors import VARIANTS_UNKNOWN
from cdk_epc.spec import EndpointKind
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Dashboard, IAlarm, IWidget
    from constructs import Construct

    from cdk_epc.monitoring.variant_metrics import VariantMetrics


@attrs.frozen(kw_only=True, eq=False)
class DashboardBuilder:
    """What a dashboard is made of.

    Attributes:
        endpoint: The place of the endpoint's own metrics.
        variants: The variants.
        components: The inference components.
        alarms: Alarms to show the state of.
    """

    endpoint: Place
    variants: Sequence[VariantMetrics]
    components: Sequence[ComponentMetrics]
    alarms: Sequence[IAlarm]

    def dashboard(self, scope: Construct, id: str, name: str | None) -> Dashboard:
        """The dashboard.

        Raises:
            EndpointConfigError: There is nobody to show.
        """
        from aws_cdk.aws_cloudwatch import Dashboard as Made  # noqa: PLC0415 - costly

        if not self.variants:
            refuse(
                self.endpoint,
                VARIANTS_UNKNOWN,
                got="a dashboard of all variants, none of which is known",
                allowed="the names of variants",
                fix='Name them: dashboard(variants=["..."]).',
            )
        return Made(scope, id, dashboard_name=name, widgets=[*self._rows(scope)])

    def _rows(self, scope: Construct) -> Iterator[list[IWidget]]:
        region = self._region(scope)
        variants = [_shown_variant(each) for each in self.variants]
        components = [_shown_component(each) for each in self.components]
        yield [_text(self._summary(variants, components), 24, 2 + len(variants))]
        if self.alarms:
            yield [_alarms(self.alarms)]
        for title, graphs in self._sections(variants, components):
            if widgets := [each.widget(region) for each in graphs if each.left]:
                yield [_text(f"## {title}", 24, 1)]
                yield list(widgets)
        if detail := list(self._by_instance(variants, region)):
            yield [_text("## Instance by instance", 24, 1)]
            yield detail
        if (
            self.endpoint.hosting is not EndpointKind.INFERENCE_COMPONENTS
        ):  # whose group nobody names
            yield [self._log(region)]

    def _sections(
        self, variants: Sequence[DashboardEntry], components: Sequence[DashboardEntry]
    ) -> Iterator[tuple[str, Iterable[Graph]]]:
        hosting = self.endpoint.hosting
        requested = components if hosting is EndpointKind.INFERENCE_COMPONENTS else variants
        everybody = [*variants, *components]
        yield "Traffic", graphs_of_requests(requested, hosting)
        yield "Latency", graphs_of_latency(requested, hosting)
        yield "Errors", graphs_of_errors(requested)
        yield "Models", graphs_of_models(variants)
        yield "Utilization", graphs_of_use(everybody)
        yield "Scaling", graphs_of_scaling(everybody, self.endpoint)

    def _summary(
        self, variants: Sequence[DashboardEntry], components: Sequence[DashboardEntry]
    ) -> str:
        name = self.endpoint.dimensions["EndpointName"]
        kind = f", {self.endpoint.hosting}" if self.endpoint.hosting else ""
        reported = [f"# {name}{kind}", ""]
        reported += [f"* **{each.label}**{_told(each)}{_scales(each)}" for each in variants]
        reported += [
            f"* **{each.label}**, an inference component{_scales(each)}" for each in components
        ]
        return "\n".join(reported)

    def _by_instance(
        self, variants: Sequence[DashboardEntry], region: str | None
    ) -> Iterator[IWidget]:
        """Enhanced metrics, found by a search, for nobody knows the ids of instances before."""
        metrics = [(hosts.CPU_UTILIZATION, "CPU"), (hosts.MEMORY_UTILIZATION, "Memory")]
        for shown in variants:
            if shown.place.is_enhanced is not True:
                continue
            rows = [*metrics, (hosts.GPU_UTILIZATION, "GPU")]
            for metric, word in rows:
                if shown.publishes(metric):
                    yield _search(shown, metric, word, region)

    def _region(self, scope: Construct) -> str | None:
        """The endpoint's region, where the dashboard stands in another one."""
        own, other = cdk.Stack.of(self.endpoint.scope), cdk.Stack.of(scope)
        return None if own.region == other.region or is_unresolved(own.region) else own.region

    def _log(self, region: str | None) -> IWidget:
        from aws_cdk.aws_cloudwatch import LogQueryWidget  # noqa: PLC0415 - costly

        name = self.endpoint.dimensions["EndpointName"]
        return LogQueryWidget(
            title="Errors in the logs",
            log_group_names=[f"/aws/sagemaker/Endpoints/{name}"],
            query_lines=[
                "fields @timestamp, @logStream, @message",
                "filter @message like /(?i)(error|exception|traceback)/",
                "sort @timestamp desc",
                "limit 50",
            ],
            region=region,
            width=24,
            height=HEIGHT,
        )


def _shown_variant(variant: VariantMetrics) -> DashboardEntry:
    return DashboardEntry(
        place=variant._place,  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
        label=variant.variant_name,
        machine=machine_of(variant),
        share=getattr(variant, "traffic_share", None),
        is_shadow=getattr(variant, "is_shadow", False),
        containers=containers_of(variant),
        is_multi_model=is_multi_model(variant),
        scaling=scaling_of(variant),
    )


def _shown_component(component: ComponentMetrics) -> DashboardEntry:
    place = component._place  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
    return DashboardEntry(place=place, label=place.scope.node.id, scaling=scaling_of(component))


def _told(shown: DashboardEntry) -> str:
    if shown.is_shadow:
        return ", a shadow variant"
    if shown.place.hosting is EndpointKind.INFERENCE_COMPONENTS:  # whose requests name a component
        return ""
    return "" if shown.share is None else f", {shown.share * 100:.3g}% of the traffic"


def _scales(shown: DashboardEntry) -> str:
    return "" if shown.scaling is None else f", {shown.scaling}"


def _text(markdown: str, width: int, height: int) -> IWidget:
    from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: PLC0415 - costly

    return cloudwatch.TextWidget(
        markdown=markdown,
        width=width,
        height=height,
        background=cloudwatch.TextWidgetBackground.TRANSPARENT,
    )


def _alarms(alarms: Sequence[IAlarm]) -> IWidget:
    from aws_cdk.aws_cloudwatch import AlarmStatusWidget  # noqa: PLC0415 - costly

    return AlarmStatusWidget(title="Alarms", alarms=list(alarms), width=24, height=4)


def _search(
    shown: DashboardEntry, metric: PublishedMetric, word: str, region: str | None
) -> IWidget:
    by = [*Dimensions.VARIANT.value, Detail.INSTANCE]
    if Detail.ACCELERATOR in metric.details:
        by.append(Detail.ACCELERATOR)
    schema = ",".join([f'"{metric.namespace}"', *map(str, by)])
    values = " ".join(f'{key}="{each}"' for key, each in shown.place.dimensions.items())
    period = shown.place.period_of(metric)
    text = f"SEARCH('{{{schema}}} MetricName=\"{metric.name}\" {values}', 'Average', {period})"
    found = expression(text, {}, MetricOptions(period=lasting(period)))
    return Graph(f"{word} of {shown.label}", left=[found], unit="percent").widget(region)
