"""Metrics of multi-model endpoints and of models with several containers."""

from __future__ import annotations

from typing import Final

import attrs

from cdk_epc.catalog.metrics._shorthands import (
    ALL,
    BY_CONTAINER,
    BY_VARIANT,
    RATE,
    REAL_TIME,
    SHARE,
)
from cdk_epc.catalog.metrics.published_metric import (
    Feature,
    Namespace,
    PublishedMetric,
    Statistic,
    Unit,
)

MODEL_LOADING_WAIT_TIME: Final = PublishedMetric(
    name="ModelLoadingWaitTime",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_VARIANT,
    endpoint_kinds=REAL_TIME,
    unit=Unit.MICROSECONDS,
    statistics=ALL,
    default=Statistic.AVERAGE,
    requires=Feature.MULTI_MODEL,
    description="Time that a request waits until its model is downloaded and loaded.",
)
MODEL_UNLOADING_TIME: Final = attrs.evolve(
    MODEL_LOADING_WAIT_TIME,
    name="ModelUnloadingTime",
    description="Time to unload a model.",
)
MODEL_DOWNLOADING_TIME: Final = attrs.evolve(
    MODEL_LOADING_WAIT_TIME,
    name="ModelDownloadingTime",
    description="Time to download a model from S3.",
)
MODEL_LOADING_TIME: Final = attrs.evolve(
    MODEL_LOADING_WAIT_TIME,
    name="ModelLoadingTime",
    description="Time to load a model.",
)
MODEL_CACHE_HIT: Final = PublishedMetric(
    name="ModelCacheHit",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_VARIANT,
    endpoint_kinds=REAL_TIME,
    unit=Unit.NONE,
    statistics=RATE | {Statistic.SAMPLE_COUNT},
    default=Statistic.AVERAGE,
    range=SHARE,
    requires=Feature.MULTI_MODEL,
    description="Requests whose model was already loaded; the average is their share, 0 to 1.",
)
LOADED_MODEL_COUNT: Final = PublishedMetric(
    name="LoadedModelCount",
    namespace=Namespace.ENDPOINTS,
    dimension_sets=BY_VARIANT,
    endpoint_kinds=REAL_TIME,
    unit=Unit.NONE,
    statistics=ALL,
    default=Statistic.AVERAGE,
    requires=Feature.MULTI_MODEL,
    description="Loaded models of each instance.",
)
CONTAINER_LATENCY: Final = PublishedMetric(
    name="ContainerLatency",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_CONTAINER,
    endpoint_kinds=REAL_TIME,
    unit=Unit.MICROSECONDS,
    statistics=ALL,
    default=Statistic.AVERAGE,
    requires=Feature.CONTAINERS,
    description="Response time of a container, as SageMaker measures it.",
)
ROWS: Final = (
    MODEL_LOADING_WAIT_TIME,
    MODEL_UNLOADING_TIME,
    MODEL_DOWNLOADING_TIME,
    MODEL_LOADING_TIME,
    MODEL_CACHE_HIT,
    LOADED_MODEL_COUNT,
    CONTAINER_LATENCY,
)
