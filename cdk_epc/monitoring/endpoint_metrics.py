"""The metrics of an endpoint: those of its queue, and those of its variants together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Unpack, cast

from cdk_epc.catalog.metrics import Dimensions, PublishedMetric
from cdk_epc.catalog.metrics import async_inference as queues
from cdk_epc.monitoring.answering import AnsweringMetrics
from cdk_epc.monitoring.metric_factory import any_metric, measures
from cdk_epc.monitoring.metric_math import chosen_of, combined, components_of
from cdk_epc.monitoring.metric_source import MetricOptions, Place

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Dashboard, IAlarm, IMetric, Metric
    from constructs import Construct

    from cdk_epc.monitoring.alarm_actions import Notified
    from cdk_epc.monitoring.alarm_thresholds import AlarmKind, AlarmThresholds
    from cdk_epc.monitoring.component_metrics import ComponentMetrics
    from cdk_epc.monitoring.recommended_alarms import RecommendedAlarms
    from cdk_epc.spec import EndpointKind


class QueueMetrics:
    """What CloudWatch knows of the queue: metrics of the endpoint and of no variant."""

    metric_approximate_backlog_size = measures(queues.BACKLOG_SIZE)
    metric_approximate_backlog_size_per_instance = measures(queues.BACKLOG_SIZE_PER_INSTANCE)
    metric_approximate_age_of_oldest_request = measures(queues.AGE_OF_OLDEST_REQUEST)
    metric_has_backlog_without_capacity = measures(queues.HAS_BACKLOG_WITHOUT_CAPACITY)

    def __init__(self, place: Place) -> None:
        """The queue of this endpoint."""
        self._place = place

    def metric(
        self,
        metric: PublishedMetric | str,
        *,
        namespace: str | None = None,
        **options: Unpack[MetricOptions],
    ) -> Metric:
        """A metric by its name, with the dimension of the endpoint alone.

        See `VariantMetrics.metric`.
        """
        return any_metric(self._place, metric, namespace, options)


class EndpointMetrics(AnsweringMetrics):
    """What CloudWatch knows of an endpoint.

    SageMaker publishes by variant; a metric of the endpoint is that of its only production variant,
    or worked out of those of all of them. Shadow variants are left out: nobody gets their answers.
    """

    if TYPE_CHECKING:

        @property
        def name_in_metrics(self) -> str:
            """The endpoint's."""
            raise NotImplementedError

        @property
        def hosting(self) -> EndpointKind | None:
            """The endpoint's."""
            raise NotImplementedError

    def metric(
        self,
        metric: PublishedMetric | str,
        *,
        namespace: str | None = None,
        **options: Unpack[MetricOptions],
    ) -> IMetric:
        """A metric by its name: of the queue, or of all production variants together.

        Sums and counts are added up, of extremes the utmost is taken, and an average is that of all
        samples. Percentiles cannot be put together; the highest of them is taken, and that of all
        requests is not above it. The variants are those that the endpoint has at the time.

        Args:
            metric: A row of `cdk_epc.catalog.metrics`, or a name.
            namespace: Where it is, if the name alone does not say.
            **options: Those of `MetricOptions`.

        Raises:
            EndpointConfigError: This kind of endpoint does not publish it, or it is published by
                variant and the variants of an imported endpoint are not known.
        """
        return combined(self, metric, namespace, options)

    @property
    def queue(self) -> QueueMetrics:
        """The metrics of the queue of an asynchronous endpoint."""
        return QueueMetrics(self._place)

    def add_recommended_alarms(
        self,
        *,
        thresholds: AlarmThresholds | None = None,
        without: Collection[AlarmKind] = (),
        notify: Notified | None = None,
        variants: Sequence[str] | None = None,
        id: str = "RecommendedAlarms",
    ) -> RecommendedAlarms:
        """Have alarms on what goes wrong with this kind of endpoint.

        Of each variant, shadow variants too: the share of errors, the model's latency, and how much
        of the instances, or of the serverless memory and concurrency, is in use. Of an asynchronous
        endpoint also the age of its backlog, and requests that expired or failed. Of an endpoint
        with inference components the instances; the components have alarms of their own.

        An alarm that could not go off is not made: ``left_out`` of the result says why. What has no
        data is no reason to go off.

        Args:
            thresholds: When they go off; see there for the defaults.
            without: Kinds of alarms that are not wanted.
            notify: Who is told: a topic, an action of CDK's, or several.
            variants: The names of the variants; all that are known by default.
            id: What they stand under. A second set needs an id of its own.

        Raises:
            EndpointConfigError: No variant is known, or a threshold makes no sense.
        """
        from cdk_epc.monitoring import recommended_alarms  # noqa: PLC0415 - not every app has alarms

        wanted = recommended_alarms.Wanted.of(self._place, thresholds, without, notify, id)
        chosen = chosen_of(self, variants)
        return recommended_alarms.alarms_of_endpoint(self._place, chosen, wanted)

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
        """Have a dashboard: traffic and its split, latency, errors, utilization and scaling.

        It shows what this kind of endpoint publishes, and the variants and components that there
        are when it is made, shadow variants too, each with the bounds and the targets of its
        scaling as they are then. So have it after everything else.

        Args:
            dashboard_name: Its name; by default CloudFormation makes one.
            alarms: Alarms to show the state of, for example the recommended ones.
            components: The inference components; all that this app has placed by default.
            variants: The names of the variants; all that are known by default.
            scope: Where it belongs; below the endpoint by default. In a stack of another region it
                shows the endpoint's region.
            id: Its id there.

        Raises:
            EndpointConfigError: No variant is known.
        """
        from cdk_epc.monitoring.dashboard import DashboardBuilder  # noqa: PLC0415 - not every app has one

        board = DashboardBuilder(
            endpoint=self._place,
            variants=chosen_of(self, variants),
            components=components_of(self) if components is None else tuple(components),
            alarms=tuple(alarms),
        )
        return board.dashboard(scope or self._place.scope, id, dashboard_name)

    @property
    def _place(self) -> Place:
        return Place(
            scope=cast("Construct", self),
            title="the endpoint",
            by=Dimensions.ENDPOINT,
            dimensions={"EndpointName": self.name_in_metrics},
            hosting=self.hosting,
        )
