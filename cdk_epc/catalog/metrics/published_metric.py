"""What is known of one published metric."""

from __future__ import annotations

import re
from enum import Enum, StrEnum
from typing import Final

import attrs

from cdk_epc.spec.endpoint_config import EndpointKind

_PERCENTILE: Final = re.compile(r"p(\d{1,2}(\.\d{0,10})?|100)", re.ASCII)


class Namespace(StrEnum):
    """Where CloudWatch keeps metrics of hosting."""

    INVOCATIONS = "AWS/SageMaker"
    """Requests, latencies, queues. Jobs of SageMaker publish to it, too."""
    ENDPOINTS = "/aws/sagemaker/Endpoints"
    """The instances of variants."""
    COMPONENTS = "/aws/sagemaker/InferenceComponents"
    """What inference components use of their instances."""


class Dimensions(Enum):
    """A set of dimensions; CloudWatch finds a metric by exactly these and not by fewer."""

    ENDPOINT = ("EndpointName",)
    VARIANT = ("EndpointName", "VariantName")
    FLEET = ("EndpointName", "VariantName", "EndpointConfigName")
    """A variant as one configuration runs it, which during a deployment is one of two fleets."""
    CONTAINER = ("EndpointName", "VariantName", "ContainerName")
    COMPONENT = ("InferenceComponentName",)


class Detail(StrEnum):
    """A dimension that enhanced metrics add to the others."""

    INSTANCE = "InstanceId"
    CONTAINER = "ContainerId"
    ACCELERATOR = "AcceleratorId"


class Unit(StrEnum):
    """A unit, as CloudWatch spells it."""

    NONE = "None"
    COUNT = "Count"
    PERCENT = "Percent"
    SECONDS = "Seconds"
    MILLISECONDS = "Milliseconds"
    MICROSECONDS = "Microseconds"


class Statistic(StrEnum):
    """A statistic, as CloudWatch spells it; a percentile, such as ``p99``, is none of these."""

    AVERAGE = "Average"
    SUM = "Sum"
    MINIMUM = "Minimum"
    MAXIMUM = "Maximum"
    SAMPLE_COUNT = "SampleCount"


class Feature(StrEnum):
    """What a metric is published with, where the kind of endpoint alone does not say."""

    MULTI_MODEL = "multi-model"
    CONTAINERS = "several containers"
    EXPLAINER = "an explainer"
    STREAMING = "streaming"
    BIDIRECTIONAL_STREAMING = "bidirectional streaming"
    GPU = "GPUs"
    PROVISIONED_CONCURRENCY = "provisioned concurrency"


class Per(StrEnum):
    """What the range of a metric's samples grows with."""

    VCPU = "vCPU"
    GPU = "GPU"


@attrs.frozen
class Range:
    """Between which values a sample lies.

    Attributes:
        least: Never below this.
        most: Never above this, for one of what it grows with; ``None`` if nobody says.
        per: What it grows with: a variant on 4 vCPUs can use 400 percent of CPU.
    """

    least: float = 0
    most: float | None = None
    per: Per | None = None


@attrs.frozen(kw_only=True)
class PublishedMetric:
    """A metric that SageMaker publishes about endpoints.

    Attributes:
        name: Its name.
        namespace: Its namespace.
        by: The sets of dimensions that it is published under.
        hosting: The kinds of endpoint that publish it.
        unit: Its unit; ``None`` if AWS names none.
        statistics: Those that AWS names as valid. CloudWatch works out the others too, and they
            mean little.
        has_percentiles: Whether AWS names percentiles as valid.
        default: The statistic that says most: a rate of errors and not their sum of ones.
        range: Where its samples lie.
        needs: What else must be in use for it to be published, if anything.
        about: What it says, as a sentence.
    """

    name: str
    namespace: Namespace
    by: tuple[Dimensions, ...]
    hosting: frozenset[EndpointKind]
    unit: Unit | None
    statistics: frozenset[Statistic]
    has_percentiles: bool = False
    default: str
    range: Range = Range()
    needs: Feature | None = None
    about: str

    @property
    def key(self) -> tuple[str, str]:
        """Namespace and name, which find it in the table."""
        return self.namespace.value, self.name

    @property
    def details(self) -> frozenset[Detail]:
        """What enhanced metrics tell apart in it; guide, page ``…-enhanced-metrics``.

        They are for what answers at once on instances; a container is one of a component.
        """
        if not self.hosting & {EndpointKind.REAL_TIME, EndpointKind.INFERENCE_COMPONENTS}:
            return frozenset()
        found = {Detail.INSTANCE}
        if Dimensions.COMPONENT in self.by:
            found.add(Detail.CONTAINER)
        if self.needs is Feature.GPU:
            found.add(Detail.ACCELERATOR)
        return frozenset(found)

    def allows(self, statistic: str) -> bool:
        """Whether AWS names the statistic as valid for it."""
        return statistic in self.statistics or (self.has_percentiles and is_percentile(statistic))

    def most_of(
        self, statistic: str, *, vcpus: int | None = None, gpus: int | None = None
    ) -> float | None:
        """The greatest value that a statistic of it can take.

        An alarm on anything above that never fires.

        Args:
            statistic: The statistic.
            vcpus: vCPUs of the instance type; ``None`` if that is not known.
            gpus: GPUs of the instance type; ``None`` if that is not known.

        Returns:
            ``None`` where there is no such value, or where it is not known.
        """
        if statistic in {Statistic.SUM, Statistic.SAMPLE_COUNT} or self.range.most is None:
            return None
        if self.range.per is None:
            return self.range.most
        each = vcpus if self.range.per is Per.VCPU else gpus
        return None if each is None else self.range.most * each


def is_percentile(statistic: str) -> bool:
    """Whether a statistic is a percentile as CloudWatch spells it, such as ``p99`` or ``p99.9``."""
    return _PERCENTILE.fullmatch(statistic) is not None
