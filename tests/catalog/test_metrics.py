"""The table of metrics against the guide's, which is written down here a second time."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cdk_epc.catalog.metrics import (
    PUBLISHED,
    Detail,
    Dimensions,
    Namespace,
    PublishedMetric,
    Statistic,
    find,
    find_all,
    is_percentile,
    is_published_by,
    metrics_for,
)
from cdk_epc.spec import EndpointKind

SM, EP, IC = "AWS/SageMaker", "/aws/sagemaker/Endpoints", "/aws/sagemaker/InferenceComponents"
# Dimensions: E the endpoint, V its variant, F the variant's fleet, C its container, I a component.
BY = {"E": "ENDPOINT", "V": "VARIANT", "F": "FLEET", "C": "CONTAINER", "I": "COMPONENT"}
# Kinds: R real-time, A asynchronous, S serverless, I with inference components.
KINDS = {
    "R": EndpointKind.REAL_TIME,
    "A": EndpointKind.ASYNCHRONOUS,
    "S": EndpointKind.SERVERLESS,
    "I": EndpointKind.INFERENCE_COMPONENTS,
}
# Statistics: A average, S sum, m minimum, M maximum, n count of samples, p percentiles.
STATISTICS = {"A": "Average", "S": "Sum", "m": "Minimum", "M": "Maximum", "n": "SampleCount"}
US, MS, PC = "Microseconds", "Milliseconds", "Percent"

TABLE = [
    ("Invocations", SM, "VFIC", "None", "Sn", "RSI"),
    ("InvocationsPerInstance", SM, "VF", "None", "S", "RI"),
    ("InvocationsPerCopy", SM, "I", None, "S", "I"),
    ("Invocation4XXErrors", SM, "VFIC", "None", "AS", "RASI"),
    ("Invocation5XXErrors", SM, "VFIC", "None", "AS", "RASI"),
    ("InvocationModelErrors", SM, "VFI", "None", "AS", "RI"),
    ("ModelLatency", SM, "VFI", US, "ASmMnp", "RASI"),
    ("OverheadLatency", SM, "VFIC", US, "ASmMn", "RSI"),
    ("ModelSetupTime", SM, "VF", US, "AmMnp", "S"),
    ("ConcurrentRequestsPerModel", SM, "VF", None, "mM", "RI"),
    ("ConcurrentRequestsPerCopy", SM, "I", None, "mM", "I"),
    ("MidStreamErrors", SM, "VFI", "None", "AS", "RI"),
    ("FirstChunkLatency", SM, "VFI", US, "ASmMnp", "RI"),
    ("FirstChunkModelLatency", SM, "VFI", US, "ASmMnp", "RI"),
    ("FirstChunkOverheadLatency", SM, "VFI", US, "ASmMnp", "RI"),
    ("NoCapacityInvocationFailures", SM, "I", None, "S", "I"),
    ("ExplanationsPerInstance", SM, "VF", None, "S", "R"),
    ("ModelLoadingWaitTime", SM, "V", US, "ASmMn", "R"),
    ("ModelUnloadingTime", SM, "V", US, "ASmMn", "R"),
    ("ModelDownloadingTime", SM, "V", US, "ASmMn", "R"),
    ("ModelLoadingTime", SM, "V", US, "ASmMn", "R"),
    ("ModelCacheHit", SM, "V", "None", "ASn", "R"),
    ("LoadedModelCount", EP, "V", "None", "ASmMn", "R"),
    ("ContainerLatency", SM, "C", US, "ASmMn", "R"),
    ("ApproximateBacklogSize", SM, "E", "Count", "AmM", "A"),
    ("ApproximateBacklogSizePerInstance", SM, "E", "Count", "AmM", "A"),
    ("ApproximateAgeOfOldestRequest", SM, "E", "Seconds", "AmM", "A"),
    ("HasBacklogWithoutCapacity", SM, "E", "Count", "A", "A"),
    ("RequestDownloadFailures", SM, "V", "Count", "S", "A"),
    ("ResponseUploadFailures", SM, "V", "Count", "S", "A"),
    ("NotificationFailures", SM, "V", "Count", "S", "A"),
    ("ExpiredRequests", SM, "V", "Count", "S", "A"),
    ("InvocationFailures", SM, "V", "Count", "S", "A"),
    ("RequestDownloadLatency", SM, "V", US, "ASmMn", "A"),
    ("ResponseUploadLatency", SM, "V", US, "ASmMn", "A"),
    ("TimeInBacklog", SM, "V", MS, "ASmMn", "A"),
    ("TotalProcessingTime", SM, "V", MS, "ASmMn", "A"),
    ("ServerlessConcurrentExecutionsUtilization", SM, "V", "None", "AmM", "S"),
    ("ServerlessProvisionedConcurrencyExecutions", SM, "V", "Count", "AmM", "S"),
    ("ServerlessProvisionedConcurrencyUtilization", SM, "V", "None", "AmM", "S"),
    ("ServerlessProvisionedConcurrencyInvocations", SM, "V", "Count", "AmM", "S"),
    ("ServerlessProvisionedConcurrencySpilloverInvocations", SM, "V", "Count", "AmM", "S"),
    ("CPUUtilization", EP, "VC", PC, "AmMn", "RAI"),
    ("MemoryUtilization", EP, "VC", PC, "AmMn", "RASI"),
    ("DiskUtilization", EP, "V", PC, "AmM", "RAI"),
    ("GPUUtilization", EP, "V", PC, "AmM", "RAI"),
    ("GPUMemoryUtilization", EP, "V", PC, "AmM", "RAI"),
    ("CPUReservation", EP, "V", PC, "AmM", "I"),
    ("MemoryReservation", EP, "V", PC, "AmM", "I"),
    ("GPUReservation", EP, "V", PC, "AmM", "I"),
    ("CPUUtilizationNormalized", EP, "V", PC, "AmM", "I"),
    ("GPUUtilizationNormalized", EP, "V", PC, "AmM", "I"),
    ("GPUMemoryUtilizationNormalized", EP, "V", PC, "AmM", "I"),
    ("CPUUtilizationNormalized", IC, "I", PC, "AmM", "I"),
    ("MemoryUtilizationNormalized", IC, "I", PC, "AmM", "I"),
    ("GPUUtilizationNormalized", IC, "I", PC, "AmM", "I"),
    ("GPUMemoryUtilizationNormalized", IC, "I", PC, "AmM", "I"),
]


def row(metric: PublishedMetric) -> tuple[object, ...]:
    return (
        metric.name,
        metric.namespace.value,
        {by.name for by in metric.dimension_sets},
        metric.unit.value if metric.unit else None,
        ({each.value for each in metric.statistics}, metric.has_percentiles),
        set(metric.endpoint_kinds),
    )


def test_the_table_is_that_of_the_guide() -> None:
    expected = [
        (
            name,
            namespace,
            {BY[each] for each in by},
            unit,
            ({STATISTICS[each] for each in statistics if each != "p"}, "p" in statistics),
            {KINDS[each] for each in kinds},
        )
        for name, namespace, by, unit, statistics, kinds in TABLE
    ]
    assert [row(metric) for metric in PUBLISHED] == expected


def test_a_misspelt_name_of_the_guide_is_left_out() -> None:
    assert not [metric.name for metric in PUBLISHED if "Processs" in metric.name]
    assert find_all("InvocationsProcessed") == ()


def test_every_row_is_complete_and_found() -> None:
    for metric in PUBLISHED:
        assert metric.allows(metric.default)
        assert metric.dimension_sets
        assert metric.endpoint_kinds
        assert metric.description.endswith(".")
        assert find(metric.namespace, metric.name) is metric
        assert metric in find_all(metric.name)


@pytest.mark.parametrize("namespace", Namespace)
def test_names_differ_within_a_namespace(namespace: Namespace) -> None:
    names = [metric.name for metric in PUBLISHED if metric.namespace is namespace]
    assert len(names) == len(set(names))


def test_unknown_metrics_are_not_found() -> None:
    assert find("AWS/SageMaker", "CPUUtilization") is None
    assert find("aws/sagemaker/Endpoints", "CPUUtilization") is None
    assert find_all("Invocation4XX Errors") == ()


@pytest.mark.parametrize(
    ("name", "hosting", "by", "expected"),
    [
        ("Invocations", EndpointKind.REAL_TIME, Dimensions.VARIANT, True),
        ("Invocations", EndpointKind.ASYNCHRONOUS, Dimensions.VARIANT, False),
        ("Invocations", EndpointKind.REAL_TIME, Dimensions.ENDPOINT, False),
        ("Invocations", EndpointKind.REAL_TIME, Dimensions.CONTAINER, True),
        ("Invocations", EndpointKind.SERVERLESS, Dimensions.CONTAINER, False),
        ("Invocations", EndpointKind.INFERENCE_COMPONENTS, Dimensions.COMPONENT, True),
        ("Invocations", EndpointKind.REAL_TIME, Dimensions.COMPONENT, False),
        ("Invocations", None, Dimensions.COMPONENT, True),
        ("Invocations", None, None, True),
        ("ApproximateBacklogSize", EndpointKind.ASYNCHRONOUS, Dimensions.ENDPOINT, True),
        ("ApproximateBacklogSize", EndpointKind.ASYNCHRONOUS, Dimensions.VARIANT, False),
        ("OverheadLatency", EndpointKind.ASYNCHRONOUS, None, False),
        ("CPUUtilization", EndpointKind.SERVERLESS, None, False),
        ("MemoryUtilization", EndpointKind.SERVERLESS, None, True),
    ],
)
def test_is_published_by(
    name: str, hosting: EndpointKind | None, by: Dimensions | None, *, expected: bool
) -> None:
    (metric,) = find_all(name)
    assert is_published_by(metric, hosting, by) is expected


def test_metrics_for_a_kind_of_endpoint() -> None:
    by_endpoint = metrics_for(EndpointKind.ASYNCHRONOUS, Dimensions.ENDPOINT)
    assert [metric.name for metric in by_endpoint] == [
        "ApproximateBacklogSize",
        "ApproximateBacklogSizePerInstance",
        "ApproximateAgeOfOldestRequest",
        "HasBacklogWithoutCapacity",
    ]
    assert len(metrics_for(EndpointKind.SERVERLESS)) == 12  # the guide's exhaustive list


@pytest.mark.parametrize(
    ("name", "namespace", "statistic", "vcpus", "gpus", "most"),
    [
        ("Invocation5XXErrors", SM, "Average", None, None, 1),
        ("Invocation5XXErrors", SM, "Maximum", None, None, 1),
        ("Invocation5XXErrors", SM, "Sum", None, None, None),
        ("CPUUtilization", EP, "Average", 8, None, 800),
        ("CPUUtilization", EP, "Average", None, None, None),
        ("CPUUtilization", EP, "SampleCount", 8, None, None),
        ("GPUUtilization", EP, "Maximum", 8, 4, 400),
        ("GPUUtilization", EP, "Maximum", 8, None, None),
        ("MemoryUtilization", EP, "Maximum", None, None, 100),
        ("CPUUtilizationNormalized", IC, "Average", 8, None, 100),
        ("ServerlessConcurrentExecutionsUtilization", SM, "Maximum", None, None, 1),
        ("HasBacklogWithoutCapacity", SM, "Average", None, None, 1),
        ("ModelLatency", SM, "p99", None, None, None),
    ],
)
def test_maximum_of_a_statistic(  # noqa: PLR0913, PLR0917 - a row of the table
    name: str,
    namespace: str,
    statistic: str,
    vcpus: int | None,
    gpus: int | None,
    most: float | None,
) -> None:
    metric = find(namespace, name)
    assert metric is not None
    assert metric.maximum_of(statistic, vcpus=vcpus, gpus=gpus) == most


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ("p99", True),
        ("p99.9", True),
        ("p0", True),
        ("p100", True),
        ("p101", False),
        ("P99", False),
        ("p99\n", False),
        ("tm99", False),
        (Statistic.AVERAGE, False),
    ],
)
def test_percentiles(statistic: str, *, expected: bool) -> None:
    assert is_percentile(statistic) is expected


@pytest.mark.parametrize(
    ("name", "namespace", "expected"),
    [
        ("CPUUtilization", EP, {Detail.INSTANCE}),
        ("GPUUtilization", EP, {Detail.INSTANCE, Detail.ACCELERATOR}),
        ("Invocations", SM, {Detail.INSTANCE, Detail.CONTAINER}),
        ("CPUUtilizationNormalized", IC, {Detail.INSTANCE, Detail.CONTAINER}),
        ("ApproximateBacklogSize", SM, set[Detail]()),
        ("ModelSetupTime", SM, set[Detail]()),
    ],
)
def test_dimensions_of_enhanced_metrics(name: str, namespace: str, expected: set[Detail]) -> None:
    metric = find(namespace, name)
    assert metric is not None
    assert metric.details == expected


def test_the_table_needs_no_cdk() -> None:
    probe = "import sys, cdk_epc.catalog.metrics; print({'aws_cdk', 'jsii'} & {*sys.modules})"
    done = subprocess.run(  # noqa: S603 - the interpreter of the tests and the text above
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
