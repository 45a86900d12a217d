"""Common values of the rows of the table."""

from __future__ import annotations

from typing import Final

from cdk_epc.catalog.metrics.published_metric import (
    Dimensions,
    Per,
    Range,
    Statistic,
)
from cdk_epc.spec.endpoint_config import EndpointKind

REAL_TIME: Final = frozenset({EndpointKind.REAL_TIME})
ASYNCHRONOUS: Final = frozenset({EndpointKind.ASYNCHRONOUS})
SERVERLESS: Final = frozenset({EndpointKind.SERVERLESS})
COMPONENTS: Final = frozenset({EndpointKind.INFERENCE_COMPONENTS})
SYNCHRONOUS: Final = REAL_TIME | COMPONENTS
"""Endpoints on instances with synchronous responses."""
INSTANCES: Final = SYNCHRONOUS | ASYNCHRONOUS
"""Endpoints on instances."""
EVERY: Final = INSTANCES | SERVERLESS

BY_QUEUE: Final = (Dimensions.ENDPOINT,)
BY_VARIANT: Final = (Dimensions.VARIANT,)
BY_COMPONENT: Final = (Dimensions.COMPONENT,)
BY_FLEET: Final = (Dimensions.VARIANT, Dimensions.FLEET)
BY_CONTAINER: Final = (Dimensions.CONTAINER,)
BY_INVOCATION: Final = (*BY_FLEET, Dimensions.COMPONENT)
BY_HOST: Final = (*BY_VARIANT, *BY_CONTAINER)

EXTREMES: Final = frozenset({Statistic.MINIMUM, Statistic.MAXIMUM})
SPREAD: Final = EXTREMES | {Statistic.AVERAGE}
ALL: Final = frozenset(Statistic)
SUM: Final = frozenset({Statistic.SUM})
COUNTED: Final = SUM | {Statistic.SAMPLE_COUNT}
RATE: Final = SUM | {Statistic.AVERAGE}

SHARE: Final = Range(maximum=1)
"""Datapoints from 0 to 1."""
PERCENT: Final = Range(maximum=100)
PER_VCPU: Final = Range(maximum=100, per=Per.VCPU)
PER_GPU: Final = Range(maximum=100, per=Per.GPU)
