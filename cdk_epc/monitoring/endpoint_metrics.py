"""Endpoint metrics: metrics of an endpoint's queue, and of its variants together."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence, Sized
from typing import TYPE_CHECKING, Final, Unpack

from cdk_epc.catalog.metrics import Dimensions, PublishedMetric, Statistic, find, find_all
from cdk_epc.catalog.metrics import async_inference as queues
from cdk_epc.constructs.call_signature import reports_wrong_arguments
from cdk_epc.constructs.duck_typing import construct_path
from cdk_epc.constructs.errors import raise_call_error
from cdk_epc.monitoring.alarm_thresholds import alarm_arguments
from cdk_epc.monitoring.component_metrics import ComponentMetrics
from cdk_epc.monitoring.metric_availability import raise_without_variants
from cdk_epc.monitoring.metric_factory import metric_by_name, metric_method
from cdk_epc.monitoring.metric_math import by_identifier, expression, without_graph_options
from cdk_epc.monitoring.metric_methods import VariantMetricMethods
from cdk_epc.monitoring.metric_source import MetricOptions, MetricSource, as_construct
from cdk_epc.monitoring.variant_metrics import variant_source
from cdk_epc.rules.call_errors import ARGUMENT_TYPE
from cdk_epc.rules.rule import Violation
from cdk_epc.spec.unresolved import is_list

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Dashboard, IAlarm, MathExpression, Metric
    from constructs import Construct

    from cdk_epc.monitoring.alarm_actions import TopicsOrActions
    from cdk_epc.monitoring.alarm_thresholds import AlarmKind, AlarmThresholds
    from cdk_epc.monitoring.recommended_alarms import RecommendedAlarms
    from cdk_epc.monitoring.variant_metrics import VariantMetrics
    from cdk_epc.spec import EndpointKind


_FUNCTIONS: Final[Mapping[str, str]] = {"Sum": "SUM", "SampleCount": "SUM", "Minimum": "MIN"}
"""Functions of metric math that combine a statistic of several variants; ``MAX`` for the others."""


class QueueMetrics:
    """Metrics of the queue of an asynchronous endpoint; their only dimension is the endpoint."""

    metric_approximate_backlog_size = metric_method(queues.BACKLOG_SIZE)
    metric_approximate_backlog_size_per_instance = metric_method(queues.BACKLOG_SIZE_PER_INSTANCE)
    metric_approximate_age_of_oldest_request = metric_method(queues.AGE_OF_OLDEST_REQUEST)
    metric_has_backlog_without_capacity = metric_method(queues.HAS_BACKLOG_WITHOUT_CAPACITY)

    def __init__(self, endpoint: EndpointMetrics) -> None:
        """Read the metrics of the queue of this endpoint."""
        self._source = endpoint_source(endpoint)

    def metric(
        self,
        metric: PublishedMetric | str,
        *,
        namespace: str | None = None,
        **options: Unpack[MetricOptions],
    ) -> Metric:
        """Return a metric by its name, with the dimension of the endpoint only.

        See `VariantMetrics.metric`.
        """
        return metric_by_name(self._source, metric, namespace, options)


class EndpointMetrics(VariantMetricMethods, ABC):
    """Metrics of an endpoint.

    SageMaker publishes the metrics of each variant. A metric of the endpoint is that of its only
    production variant, or a math expression over those of all production variants. Shadow variants
    do not count, because callers do not get their responses.
    """

    @property
    @abstractmethod
    def name_in_metrics(self) -> str:
        """Value of the dimension ``EndpointName``."""

    @property
    @abstractmethod
    def endpoint_kind(self) -> EndpointKind | None:
        """Kind of the endpoint; ``None`` if it is unknown."""

    @property
    @abstractmethod
    def inference_components(self) -> Sequence[object]:
        """Inference components, their ARNs or their names."""

    @abstractmethod
    def variant(self, variant: str) -> VariantMetrics:
        """Return the variant with this name."""

    def metric(
        self,
        metric: PublishedMetric | str,
        *,
        namespace: str | None = None,
        **options: Unpack[MetricOptions],
    ) -> Metric | MathExpression:
        """Return a metric by its name: of the queue, or of all production variants together.

        The endpoint's sum or sample count is the sum over the variants, its minimum or maximum that
        over the variants, and its average that of all samples. A percentile cannot be computed from
        those of the variants: the result is the highest of them, which is an upper bound. The
        expression contains the variants that the endpoint has at the time of the call.

        Args:
            metric: A metric of `cdk_epc.catalog.metrics`, or a name.
            namespace: Namespace of the metric; by default that of the catalog, or
                ``AWS/SageMaker``.
            **options: See `MetricOptions`.

        Raises:
            EndpointConfigError: This kind of endpoint does not publish the metric, or SageMaker
                publishes it for each variant and the variants of an imported endpoint are unknown.
        """
        found = metric if isinstance(metric, PublishedMetric) else _find(metric, namespace)
        if found is not None and Dimensions.ENDPOINT in found.dimension_sets:
            return metric_by_name(endpoint_source(self), found, namespace, options)
        variants = _production_variants(self, found or metric)
        if len(variants) == 1:
            return variants[0].metric(found or metric, namespace=namespace, **options)
        return _combined(variants, found or metric, namespace, options)

    @property
    def queue(self) -> QueueMetrics:
        """Metrics of the queue of an asynchronous endpoint."""
        return QueueMetrics(self)

    @reports_wrong_arguments(alarm_arguments)
    def add_recommended_alarms(
        self,
        *,
        thresholds: AlarmThresholds | None = None,
        without: Collection[AlarmKind] = (),
        notify: TopicsOrActions | None = None,
        variants: Sequence[str] | None = None,
        id: str = "RecommendedAlarms",
    ) -> RecommendedAlarms:
        """Add the alarms that suit this kind of endpoint.

        For each variant, shadow variants included: error rates, model latency, and the utilization
        of instances, or of serverless memory and concurrency. For an asynchronous endpoint also the
        age of the backlog, and expired and failed requests. For an endpoint with inference
        components only the instances; the components have their own alarms.

        An alarm that could never go off is left out, and ``left_out`` of the result gives the
        reason. Missing data is not breaching.

        Args:
            thresholds: Thresholds of the alarms; see there for the defaults.
            without: Kinds of alarms to leave out.
            notify: SNS topics, their ARNs, or alarm actions; one or several.
            variants: Names of the variants; by default all that are known.
            id: Construct id of the alarms' scope. A second set of alarms needs a different one.

        Raises:
            EndpointConfigError: No variant is known, or a threshold is out of range.
        """
        from cdk_epc.monitoring import recommended_alarms as alarms  # noqa: PLC0415 - not in every app

        source = endpoint_source(self)
        options = alarms.AlarmOptions.of(source, thresholds, without, notify, id)
        chosen = _chosen_variants(self, variants)
        all_variants = (lambda: _variants(self)) if variants is None else None
        return alarms.alarms_of_endpoint(source, chosen, options, all_variants)

    @reports_wrong_arguments()
    def dashboard(  # noqa: PLR0913 - each has a default
        self,
        *,
        dashboard_name: str | None = None,
        alarms: Iterable[IAlarm] = (),
        components: Iterable[ComponentMetrics] | None = None,
        variants: Sequence[str] | None = None,
        scope: Construct | None = None,
        id: str = "Dashboard",
    ) -> Dashboard:
        """Add a dashboard of traffic, latency, errors, utilization and scaling.

        It contains the metrics that this kind of endpoint publishes, for the variants (shadow
        variants included) and components. Variants, components, scaling and recommended alarms
        that are added after the call are shown, too.

        Args:
            dashboard_name: Name of the dashboard; by default CloudFormation generates one.
            alarms: Alarms whose state to show, for example the recommended ones.
            components: Inference components; by default all components of the endpoint in this app.
            variants: Names of the variants; by default all that are known.
            scope: Scope of the dashboard; the endpoint by default. In a stack of another region the
                dashboard shows metrics of the endpoint's region.
            id: Construct id of the dashboard.

        Raises:
            EndpointConfigError: The variants of an imported endpoint are unknown.
        """
        from cdk_epc.monitoring.dashboard import DashboardBuilder  # noqa: PLC0415 - not in every app

        chosen = None if variants is None else _chosen_variants(self, variants)
        hosted = None if components is None else tuple(components)
        builder = DashboardBuilder(
            endpoint=lambda: endpoint_source(self),
            variants=lambda: _variants(self) if chosen is None else chosen,
            components=lambda: _components(self) if hosted is None else hosted,
            # Recommended alarms are completed at synth.
            alarms=alarms if isinstance(alarms, Sized) else tuple(alarms),
        )
        return builder.dashboard(scope or as_construct(self), id, dashboard_name)


def endpoint_source(endpoint: EndpointMetrics) -> MetricSource:
    """Return the metric source of an endpoint."""
    return MetricSource(
        scope=as_construct(endpoint),
        label="the endpoint",
        dimension_set=Dimensions.ENDPOINT,
        dimensions={"EndpointName": endpoint.name_in_metrics},
        endpoint_kind=endpoint.endpoint_kind,
    )


def _find(name: str, namespace: str | None) -> PublishedMetric | None:
    """Return the metric of the catalog, if it is there."""
    if namespace is not None:
        return find(namespace, name)
    return next(iter(find_all(name)), None)


def _variants(endpoint: EndpointMetrics) -> tuple[VariantMetrics, ...]:
    """Return the known variants of an endpoint, production variants first."""
    return tuple(getattr(endpoint, "variants", ()))


def _chosen_variants(
    endpoint: EndpointMetrics, names: Sequence[str] | None
) -> tuple[VariantMetrics, ...]:
    """Return the variants of these names; by default all that are known."""
    if names is None:
        return _variants(endpoint)
    if not is_list(names):  # the letters of a text are no names
        violation = Violation(
            path=(),
            got=names,
            must="be a list of names",
            fix="Pass a list of the names of variants.",
        )
        path = construct_path(as_construct(endpoint))
        raise_call_error(ARGUMENT_TYPE, violation, "variants", construct=path)
    return tuple(endpoint.variant(name) for name in names)


def _components(endpoint: EndpointMetrics) -> tuple[ComponentMetrics, ...]:
    """Return the inference components of an endpoint that are constructs of this app."""
    return tuple(
        each for each in endpoint.inference_components if isinstance(each, ComponentMetrics)
    )


def _production_variants(
    endpoint: EndpointMetrics, metric: PublishedMetric | str
) -> Sequence[VariantMetrics]:
    """Return the known production variants of an endpoint.

    Raises:
        EndpointConfigError: No variant is known.
    """
    variants = [each for each in _variants(endpoint) if not getattr(each, "is_shadow", False)]
    if not variants:
        name = metric.name if isinstance(metric, PublishedMetric) else metric
        raise_without_variants(
            endpoint_source(endpoint),
            f"{name} of all variants cannot be computed",
            "Read the metric of one variant: endpoint.variant(name).",
        )
    return variants


def _combined(
    variants: Sequence[VariantMetrics],
    metric: PublishedMetric | str,
    namespace: str | None,
    options: MetricOptions,
) -> MathExpression:
    """Return the expression of a metric over several variants."""
    operand_options = without_graph_options(options)

    def operands(statistic: str) -> dict[str, Metric]:
        operand_options["statistic"] = str(statistic)
        return by_identifier(
            (variant_source(each), each.metric(metric, namespace=namespace, **operand_options))
            for each in variants
        )

    default = metric.default if isinstance(metric, PublishedMetric) else Statistic.AVERAGE
    statistic = options.get("statistic") or str(default)
    if statistic == Statistic.AVERAGE:
        sums, counts = operands("Sum"), operands("SampleCount")
        text = f"SUM([{', '.join(sums)}]) / SUM([{', '.join(counts)}])"
        return expression(text, {**sums, **counts}, options)
    metrics = operands(statistic)
    function = _FUNCTIONS.get(statistic, "MAX")
    return expression(f"{function}([{', '.join(metrics)}])", metrics, options)
