"""Rows: several models behind a variant, or several containers."""

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
    by=BY_VARIANT,
    hosting=REAL_TIME,
    unit=Unit.MICROSECONDS,
    statistics=ALL,
    default=Statistic.AVERAGE,
    needs=Feature.MULTI_MODEL,
    about="What a request waits for its model to be downloaded or loaded.",
)
MODEL_UNLOADING_TIME: Final = attrs.evolve(
    MODEL_LOADING_WAIT_TIME,
    name="ModelUnloadingTime",
    about="What it takes to unload a model.",
)
MODEL_DOWNLOADING_TIME: Final = attrs.evolve(
    MODEL_LOADING_WAIT_TIME,
    name="ModelDownloadingTime",
    about="What it takes to download a model from S3.",
)
MODEL_LOADING_TIME: Final = attrs.evolve(
    MODEL_LOADING_WAIT_TIME,
    name="ModelLoadingTime",
    about="What it takes to load a model.",
)
MODEL_CACHE_HIT: Final = PublishedMetric(
    name="ModelCacheHit",
    namespace=Namespace.INVOCATIONS,
    by=BY_VARIANT,
    hosting=REAL_TIME,
    unit=Unit.NONE,
    statistics=RATE | {Statistic.SAMPLE_COUNT},
    default=Statistic.AVERAGE,
    range=SHARE,
    needs=Feature.MULTI_MODEL,
    about="Requests whose model was loaded already; the average is their share, 0 to 1.",
)
LOADED_MODEL_COUNT: Final = PublishedMetric(
    name="LoadedModelCount",
    namespace=Namespace.ENDPOINTS,
    by=BY_VARIANT,
    hosting=REAL_TIME,
    unit=Unit.NONE,
    statistics=ALL,
    default=Statistic.AVERAGE,
    needs=Feature.MULTI_MODEL,
    about="Models loaded, for each instance.",
)
CONTAINER_LATENCY: Final = PublishedMetric(
    name="ContainerLatency",
    namespace=Namespace.INVOCATIONS,
    by=BY_CONTAINER,
    hosting=REAL_TIME,
    unit=Unit.MICROSECONDS,
    statistics=ALL,
    default=Statistic.AVERAGE,
    needs=Feature.CONTAINERS,
    about="What a container takes to answer, as SageMaker sees it.",
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
