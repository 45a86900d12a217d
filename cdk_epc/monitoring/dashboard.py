"""Dashboard of an endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs
import aws_cdk as cdk

from cdk_epc.catalog.metrics import Detail, Dimensions, PublishedMetric
from cdk_epc.catalog.metrics import instances as hosts
from cdk_epc.constructs.scope import stack_of
from cdk_epc.monitoring.component_metrics import ComponentMetrics, component_source
from cdk_epc.monitoring.dashboard_graphs import (
    graphs_of_errors,
    graphs_of_latency,
    graphs_of_models,
    graphs_of_requests,
    graphs_of_scaling,
    graphs_of_utilization,
)
from cdk_epc.monitoring.dashboard_series import DashboardEntry, scaling_of
from cdk_epc.monitoring.dashboard_widgets import (
    ExpressionSeries,
    Graph,
    Widget,
    alarm_widget,
    log_widget,
    text_widget,
)
from cdk_epc.monitoring.metric_availability import has_config, raise_without_variants
from cdk_epc.monitoring.metric_source import MetricSource
from cdk_epc.monitoring.resource_facts import container_names, is_multi_model, machine_of
from cdk_epc.monitoring.variant_metrics import variant_source
from cdk_epc.spec import EndpointKind
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Dashboard, IAlarm
    from constructs import Construct

    from cdk_epc.monitoring.variant_metrics import VariantMetrics


@attrs.frozen(kw_only=True, eq=False)
class DashboardBuilder:
    """Builder of the dashboard of an endpoint.

    The content is created again when CDK writes the template, so that it includes resources that
    the app adds after the call. Therefore the builder has functions in place of values.

    Attributes:
        endpoint: Function that returns the metric source of the endpoint.
        variants: Function that returns the variants to show.
        components: Function that returns the inference components to show.
        alarms: Alarms whose state to show.
    """

    endpoint: Callable[[], MetricSource]
    variants: Callable[[], Sequence[VariantMetrics]]
    components: Callable[[], Sequence[ComponentMetrics]]
    alarms: Iterable[IAlarm]

    def dashboard(self, scope: Construct, id: str, name: str | None) -> Dashboard:
        """Create the dashboard.

        Raises:
            EndpointConfigError: The variants of an imported endpoint are unknown.
        """
        from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: PLC0415 - slow to import

        from cdk_epc.monitoring.dashboard_rows import DashboardRows  # noqa: PLC0415 - as above

        endpoint = self.endpoint()
        if not self.variants() and not has_config(endpoint.scope):
            raise_without_variants(
                endpoint,
                "a dashboard of all variants cannot be created",
                'Pass their names: dashboard(variants=["..."]).',
            )
        rows: Any = DashboardRows(lambda: self._content().rows(scope), self._state)
        return cloudwatch.Dashboard(scope, id, dashboard_name=name, widgets=[[rows]])

    def _content(self) -> _Content:
        return _Content(
            endpoint=self.endpoint(),
            variants=[_variant_entry(each) for each in self.variants()],
            components=[_component_entry(each) for each in self.components()],
            alarms=tuple(self.alarms),
        )

    def _state(self) -> tuple[object, ...]:
        """Return the values on which the content depends."""
        content = self._content()
        entries = [each.state() for each in (*content.variants, *content.components)]
        return (content.endpoint.endpoint_kind, *entries, *map(id, content.alarms))


@attrs.frozen(kw_only=True, eq=False)
class _Content:
    """Content of a dashboard at one time."""

    endpoint: MetricSource
    variants: Sequence[DashboardEntry]
    components: Sequence[DashboardEntry]
    alarms: Sequence[IAlarm]

    def rows(self, scope: Construct) -> Iterator[list[Widget]]:
        """Yield the rows of a dashboard in a scope."""
        region = self._region(scope)
        variants, components = self.variants, self.components
        yield [text_widget(self._summary(variants, components), 2 + len(variants))]
        if self.alarms:
            yield [alarm_widget("Alarms", [each.alarm_ref.alarm_arn for each in self.alarms])]
        for title, graphs in self._sections(variants, components):
            if widgets := [each.widget(region) for each in graphs if each.left]:
                yield [text_widget(f"## {title}", 1)]
                yield widgets
        if instances := list(self._instance_graphs(variants, region)):
            yield [text_widget("## Individual instances", 1)]
            yield instances
        # AWS does not document the names of the log groups of inference components.
        if self.endpoint.endpoint_kind is not EndpointKind.INFERENCE_COMPONENTS:
            yield [self._log_query(region)]

    def _sections(
        self, variants: Sequence[DashboardEntry], components: Sequence[DashboardEntry]
    ) -> Iterator[tuple[str, Iterable[Graph]]]:
        kind = self.endpoint.endpoint_kind
        with_requests = components if kind is EndpointKind.INFERENCE_COMPONENTS else variants
        entries = [*variants, *components]
        yield "Traffic", graphs_of_requests(with_requests, kind)
        yield "Latency", graphs_of_latency(with_requests, kind)
        yield "Errors", graphs_of_errors(with_requests)
        yield "Models", graphs_of_models(variants)
        yield "Utilization", graphs_of_utilization(entries)
        yield "Scaling", graphs_of_scaling(entries, self.endpoint)

    def _summary(
        self, variants: Sequence[DashboardEntry], components: Sequence[DashboardEntry]
    ) -> str:
        name = self.endpoint.dimensions["EndpointName"]
        kind = f", {self.endpoint.endpoint_kind}" if self.endpoint.endpoint_kind else ""
        lines = [f"# {name}{kind}", ""]
        lines += [f"* **{each.label}**{_traffic(each)}{_scaling(each)}" for each in variants]
        lines += [f"* **{each.label}**, inference component{_scaling(each)}" for each in components]
        return "\n".join(lines)

    def _instance_graphs(self, variants: Sequence[DashboardEntry], region: str) -> Iterator[Widget]:
        """Yield graphs of enhanced metrics; a search finds the ids of the instances."""
        metrics = (
            (hosts.CPU_UTILIZATION, "CPU"),
            (hosts.MEMORY_UTILIZATION, "Memory"),
            (hosts.GPU_UTILIZATION, "GPU"),
        )
        for entry in variants:
            if entry.source.is_enhanced is not True:
                continue
            for metric, title in metrics:
                if entry.publishes(metric):
                    yield _search(entry, metric, title, region)

    def _region(self, scope: Construct) -> str:
        """Return the region of the endpoint if the dashboard is in another one, else that of it."""
        own, other = stack_of(self.endpoint.scope), stack_of(scope)
        is_here = own.region == other.region or is_unresolved(own.region)
        return cdk.Aws.REGION if is_here else own.region

    def _log_query(self, region: str) -> Widget:
        return log_widget(
            "Errors in the logs",
            f"/aws/sagemaker/Endpoints/{self.endpoint.dimensions['EndpointName']}",
            [
                "fields @timestamp, @logStream, @message",
                "filter @message like /(?i)(error|exception|traceback)/",
                "sort @timestamp desc",
                "limit 50",
            ],
            region,
        )


def _variant_entry(variant: VariantMetrics) -> DashboardEntry:
    return DashboardEntry(
        source=variant_source(variant),
        label=variant.variant_name,
        machine=machine_of(variant),
        share=getattr(variant, "traffic_share", None),
        is_shadow=getattr(variant, "is_shadow", False),
        containers=container_names(variant),
        is_multi_model=is_multi_model(variant),
        scaling=scaling_of(variant),
    )


def _component_entry(component: ComponentMetrics) -> DashboardEntry:
    source = component_source(component)
    return DashboardEntry(source=source, label=source.scope.node.id, scaling=scaling_of(component))


def _traffic(entry: DashboardEntry) -> str:
    if entry.is_shadow:
        return ", shadow variant"
    # Requests to an endpoint with inference components name a component, not a variant.
    if entry.source.endpoint_kind is EndpointKind.INFERENCE_COMPONENTS or entry.share is None:
        return ""
    return f", {entry.share * 100:.3g}% of the traffic"


def _scaling(entry: DashboardEntry) -> str:
    return "" if entry.scaling is None else f", {entry.scaling}"


def _search(entry: DashboardEntry, metric: PublishedMetric, title: str, region: str) -> Widget:
    """Return a graph of one metric of each instance, or of each GPU."""
    by = [*Dimensions.VARIANT.value, Detail.INSTANCE]
    if Detail.ACCELERATOR in metric.details:
        by.append(Detail.ACCELERATOR)
    schema = ",".join([f'"{metric.namespace}"', *map(str, by)])
    values = " ".join(f'{key}="{each}"' for key, each in entry.source.dimensions.items())
    period = entry.source.period_of(metric)
    text = f"SEARCH('{{{schema}}} MetricName=\"{metric.name}\" {values}', 'Average', {period})"
    found = ExpressionSeries(text, {}, text, period)
    return Graph(f"{title} of {entry.label}", left=[found], unit="percent").widget(region)
