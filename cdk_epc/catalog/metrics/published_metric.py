"""Metric that SageMaker publishes, with its dimensions, unit, statistics and range."""

from __future__ import annotations

import re
from enum import Enum, StrEnum
from typing import Final

import attrs

from cdk_epc._records import Record
from cdk_epc.spec.endpoint_config import EndpointKind

_PERCENTILE: Final = re.compile(r"p(\d{1,2}(\.\d{0,10})?|100)", re.ASCII)


class Namespace(StrEnum):
    """Namespace of the metrics of endpoints."""

    INVOCATIONS = "AWS/SageMaker"
    """Requests, latencies and queues. Other parts of SageMaker also publish to it."""
    ENDPOINTS = "/aws/sagemaker/Endpoints"
    """Instances of variants."""
    COMPONENTS = "/aws/sagemaker/InferenceComponents"
    """Resources of instances that inference components use."""


class Dimensions(Enum):
    """Set of dimensions; CloudWatch finds a metric only by exactly the published dimensions."""

    ENDPOINT = ("EndpointName",)
    VARIANT = ("EndpointName", "VariantName")
    FLEET = ("EndpointName", "VariantName", "EndpointConfigName")
    """Fleet of a variant with one configuration; a deployment has two fleets."""
    CONTAINER = ("EndpointName", "VariantName", "ContainerName")
    COMPONENT = ("InferenceComponentName",)


class Detail(StrEnum):
    """Dimension that enhanced metrics add to the others."""

    INSTANCE = "InstanceId"
    CONTAINER = "ContainerId"
    ACCELERATOR = "AcceleratorId"


class Unit(StrEnum):
    """Unit, as CloudWatch spells it."""

    NONE = "None"
    COUNT = "Count"
    PERCENT = "Percent"
    SECONDS = "Seconds"
    MILLISECONDS = "Milliseconds"
    MICROSECONDS = "Microseconds"


class Statistic(StrEnum):
    """Statistic, as CloudWatch spells it, except percentiles such as ``p99``."""

    AVERAGE = "Average"
    SUM = "Sum"
    MINIMUM = "Minimum"
    MAXIMUM = "Maximum"
    SAMPLE_COUNT = "SampleCount"


class Feature(StrEnum):
    """Feature that an endpoint must use so that a metric is published."""

    MULTI_MODEL = "multi-model"
    CONTAINERS = "several containers"
    EXPLAINER = "an explainer"
    STREAMING = "streaming"
    BIDIRECTIONAL_STREAMING = "bidirectional streaming"
    GPU = "GPUs"
    PROVISIONED_CONCURRENCY = "provisioned concurrency"


class Per(StrEnum):
    """Unit of hardware with which the maximum of a metric grows."""

    VCPU = "vCPU"
    GPU = "GPU"


@attrs.frozen(eq=False, repr=False)
class Range(Record):
    """Range of the datapoints of a metric.

    Attributes:
        minimum: Minimum.
        maximum: Maximum, for one unit of ``per`` if that is given; ``None`` if AWS states none.
        per: Hardware with which the maximum grows: 4 vCPUs have a maximum of 400 percent.
    """

    minimum: float = 0
    maximum: float | None = None
    per: Per | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PublishedMetric(Record):
    """Metric that SageMaker publishes about endpoints.

    Attributes:
        name: Name.
        namespace: Namespace.
        dimension_sets: Sets of dimensions with which it is published.
        endpoint_kinds: Kinds of endpoints that publish it.
        unit: Unit; ``None`` if AWS states none.
        statistics: Statistics that AWS states as valid. CloudWatch also computes the others, but
            they mean little.
        has_percentiles: Whether AWS states percentiles as valid.
        default: Most useful statistic, such as the average of errors, which is their rate.
        range: Range of the datapoints.
        requires: Feature that must be in use so that it is published, if any.
        description: Description, as a sentence.
    """

    name: str
    namespace: Namespace
    dimension_sets: tuple[Dimensions, ...]
    endpoint_kinds: frozenset[EndpointKind]
    unit: Unit | None
    statistics: frozenset[Statistic]
    has_percentiles: bool = False
    default: str
    range: Range = Range()
    requires: Feature | None = None
    description: str

    @property
    def key(self) -> tuple[str, str]:
        """Namespace and name, the key in the table."""
        return self.namespace.value, self.name

    @property
    def details(self) -> frozenset[Detail]:
        """Dimensions that enhanced metrics add; developer guide, page ``…-enhanced-metrics``.

        Only real-time endpoints on instances have them; the container is one of a component.
        """
        if not self.endpoint_kinds & {EndpointKind.REAL_TIME, EndpointKind.INFERENCE_COMPONENTS}:
            return frozenset()
        found = {Detail.INSTANCE}
        if Dimensions.COMPONENT in self.dimension_sets:
            found.add(Detail.CONTAINER)
        if self.requires is Feature.GPU:
            found.add(Detail.ACCELERATOR)
        return frozenset(found)

    def allows(self, statistic: str) -> bool:
        """Return whether AWS states the statistic as valid."""
        return statistic in self.statistics or (self.has_percentiles and is_percentile(statistic))

    def maximum_of(
        self, statistic: str, *, vcpus: int | None = None, gpus: int | None = None
    ) -> float | None:
        """Return the maximum of a statistic; an alarm with a higher threshold never fires.

        Args:
            statistic: Name of the statistic.
            vcpus: Number of vCPUs of the instance type; ``None`` if unknown.
            gpus: Number of GPUs of the instance type; ``None`` if unknown.

        Returns:
            ``None`` if there is no maximum, or if it is unknown.
        """
        if statistic in {Statistic.SUM, Statistic.SAMPLE_COUNT} or self.range.maximum is None:
            return None
        if self.range.per is None:
            return self.range.maximum
        each = vcpus if self.range.per is Per.VCPU else gpus
        return None if each is None else self.range.maximum * each


def is_percentile(statistic: str) -> bool:
    """Return whether a statistic is a percentile, such as ``p99`` or ``p99.9``."""
    return _PERCENTILE.fullmatch(statistic) is not None
