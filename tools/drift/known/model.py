"""Intended differences of a model, each with its reason.

The first value of a difference is that of the spec class, the second that of the published model.
"""

from __future__ import annotations

from tools.drift.differences import Difference
from tools.drift.known import tags

CONTAINERS = ("PrimaryContainer", "Containers[]")
S3_SOURCE = "ModelDataSource.S3DataSource"
OTHER_SOURCES = "AdditionalModelDataSources"
METRICS = "ContainerMetricsConfig"

NOT_EMPTY = "the minimum length is 0, but the pattern requires at least one character"
NEEDS_ONE_IN_BOTH = [
    "ModelName",
    "VpcConfig.SecurityGroupIds[]",
    "VpcConfig.Subnets[]",
    *(
        f"{container}.{place}"
        for container in CONTAINERS
        for place in ("ContainerHostname", "Image", "ModelDataUrl", f"{S3_SOURCE}.S3Uri")
    ),
]
NEEDS_ONE_IN_API = [
    *NEEDS_ONE_IN_BOTH,
    *(
        f"{container}.{place}"
        for container in CONTAINERS
        for place in (
            f"{OTHER_SOURCES}[].S3DataSource.ManifestS3Uri",
            f"{OTHER_SOURCES}[].S3DataSource.S3Uri",
            f"{METRICS}.MetricsEndpoints[].MetricsEndpointPath",
            "Environment{key}",
            f"{S3_SOURCE}.ManifestS3Uri",
        )
    ),
]


def _in_each_container(*differences: Difference) -> list[Difference]:
    return [
        (f"{container}.{place}", *rest) for container in CONTAINERS for place, *rest in differences
    ]


FROM_API: dict[str, list[Difference]] = {
    "CloudFormation generates a name if none is given": [("ModelName", "required", False, True)],
    "CloudFormation requires it": _in_each_container((S3_SOURCE, "required", True, False)),
    "the API lists the seven values in its prose only": _in_each_container(
        (
            f"{METRICS}.MetricsEndpoints[].MetricPublishFrequencyInSeconds",
            "enum",
            {10, 30, 60, 120, 180, 240, 300},
            None,
        )
    ),
    "0 is not a bound": _in_each_container(("Environment{value}", "min_length", None, 0)),
    NOT_EMPTY: [(place, "min_length", 1, 0) for place in NEEDS_ONE_IN_API],
    tags.WHY: tags.DIFFERENCES,
}

FROM_CFN: dict[str, list[Difference]] = {
    "CloudFormation lacks it, so the member has api_only": _in_each_container(
        *(
            (place, "present", True, False)
            for place in (
                OTHER_SOURCES,
                f"{OTHER_SOURCES}[]",
                f"{OTHER_SOURCES}[].ChannelName",
                f"{OTHER_SOURCES}[].S3DataSource",
                f"{OTHER_SOURCES}[].S3DataSource.CompressionType",
                f"{OTHER_SOURCES}[].S3DataSource.ETag",
                f"{OTHER_SOURCES}[].S3DataSource.HubAccessConfig",
                f"{OTHER_SOURCES}[].S3DataSource.HubAccessConfig.HubContentArn",
                f"{OTHER_SOURCES}[].S3DataSource.ManifestEtag",
                f"{OTHER_SOURCES}[].S3DataSource.ManifestS3Uri",
                f"{OTHER_SOURCES}[].S3DataSource.ModelAccessConfig",
                f"{OTHER_SOURCES}[].S3DataSource.ModelAccessConfig.AcceptEula",
                f"{OTHER_SOURCES}[].S3DataSource.S3DataType",
                f"{OTHER_SOURCES}[].S3DataSource.S3Uri",
                METRICS,
                f"{METRICS}.MetricsEndpoints",
                f"{METRICS}.MetricsEndpoints[]",
                f"{METRICS}.MetricsEndpoints[].MetricPublishFrequencyInSeconds",
                f"{METRICS}.MetricsEndpoints[].MetricsEndpointPath",
                f"{S3_SOURCE}.ETag",
                f"{S3_SOURCE}.ManifestEtag",
                f"{S3_SOURCE}.ManifestS3Uri",
            )
        )
    ),
    "read only: CloudFormation sets it": [("ModelArn", "present", False, True)],
    "the schema only says JSON": _in_each_container(
        ("Environment", "kind", "map", "object or string"),
        ("Environment", "max_items", 100, None),
        ("Environment{key}", "present", True, False),
        ("Environment{value}", "present", True, False),
    ),
    "the schema has no pattern; the API requires one line": _in_each_container(
        (
            "ImageConfig.RepositoryAuthConfig.RepositoryCredentialsProviderArn",
            "pattern",
            ".*",
            None,
        ),
        (f"{S3_SOURCE}.HubAccessConfig.HubContentArn", "pattern", ".*", None),
    ),
    NOT_EMPTY: [(place, "min_length", 1, 0) for place in NEEDS_ONE_IN_BOTH],
    tags.WHY: tags.DIFFERENCES,
}
