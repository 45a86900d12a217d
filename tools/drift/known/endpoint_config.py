"""Intended differences of an endpoint configuration, each with its reason.

The first value of a difference is that of the spec class, the second that of the published model.
"""

from __future__ import annotations

from cdk_epc.catalog.instances import HOSTING_TYPES
from cdk_epc.spec import (
    CapacityReservationPreference,
    FeatureType,
    TextGranularity,
    TextLanguage,
    patterns,
)
from tools.drift.differences import Difference
from tools.drift.known import tags

VARIANT = "ProductionVariants[]"
LAYOUTS = f"{VARIANT}.AcceleratorPartitionLayouts"
CLARIFY = "ExplainerConfig.ClarifyExplainerConfig"
INFERENCE = f"{CLARIFY}.InferenceConfig"
BASELINE = f"{CLARIFY}.ShapConfig.ShapBaselineConfig"
TEXT_CONFIG = f"{CLARIFY}.ShapConfig.TextConfig"
NOTIFICATION = "AsyncInferenceConfig.OutputConfig.NotificationConfig"
INSTANCE_TYPES = [f"{VARIANT}.InstanceType", f"{VARIANT}.InstancePools[].InstanceType"]

NOT_EMPTY = "the minimum length is 0, but the pattern requires at least one character"
TYPES = "separate rules check instance types, and new ones are only a warning"
NEEDS_ONE_IN_BOTH = [
    f"{NOTIFICATION}.ErrorTopic",
    f"{NOTIFICATION}.SuccessTopic",
    "AsyncInferenceConfig.OutputConfig.S3FailurePath",
    "AsyncInferenceConfig.OutputConfig.S3OutputPath",
    "DataCaptureConfig.DestinationS3Uri",
    f"{BASELINE}.MimeType",
    f"{BASELINE}.ShapBaselineUri",
    f"{VARIANT}.CoreDumpConfig.DestinationS3Uri",
    f"{VARIANT}.InstancePools[].ModelNameOverride",
    "VpcConfig.SecurityGroupIds[]",
    "VpcConfig.Subnets[]",
]
NEEDS_ONE_IN_API = [
    *NEEDS_ONE_IN_BOTH,
    "EndpointConfigName",
    f"{VARIANT}.ModelName",
    f"{VARIANT}.VariantName",
    f"{LAYOUTS}[].AcceleratorPartitionTypes[]",
]
TYPES_AS_IN_CATALOG: list[Difference] = [
    difference
    for place in INSTANCE_TYPES
    for difference in (
        (place, "enum", None, set(HOSTING_TYPES)),
        # Only ours, and far above the longest type: a limit for the input of the rules.
        (place, "max_length", 63, None),
    )
]
FROM_API: dict[str, list[Difference]] = {
    "no longer supported, so the class has it in REMOVED": [
        (f"{VARIANT}.AcceleratorType", "present", False, True)
    ],
    "CloudFormation generates a name if none is given": [
        ("EndpointConfigName", "required", False, True)
    ],
    "the API lists the seven values in its prose only": [
        (
            "MetricsConfig.MetricPublishFrequencyInSeconds",
            "enum",
            {10, 30, 60, 120, 180, 240, 300},
            None,
        )
    ],
    NOT_EMPTY: [(place, "min_length", 1, 0) for place in NEEDS_ONE_IN_API],
    TYPES: TYPES_AS_IN_CATALOG,
    tags.WHY: tags.DIFFERENCES,
}


FROM_CFN: dict[str, list[Difference]] = {
    "CloudFormation lacks it, so the member has api_only": [
        (place, "present", True, False)
        for place in (
            "CrossRegionTrafficConfig",
            "CrossRegionTrafficConfig.MaxCrossRegionPercentPerEndpoint",
            "CrossRegionTrafficConfig.MaxInvocationsPerSecondPerInstance",
            LAYOUTS,
            f"{LAYOUTS}[]",
            f"{LAYOUTS}[].AcceleratorPartitionTypes",
            f"{LAYOUTS}[].AcceleratorPartitionTypes[]",
        )
    ],
    "read only: CloudFormation sets it": [("EndpointConfigArn", "present", False, True)],
    "the API requires a strategy": [
        (f"{VARIANT}.RoutingConfig.RoutingStrategy", "required", True, False)
    ],
    "only the API has it; a warning in this library": [
        (
            f"{VARIANT}.RoutingConfig.RoutingStrategy",
            "enum",
            {"LEAST_OUTSTANDING_REQUESTS", "RANDOM", "PREFIX_AWARE", "KV_AWARE"},
            {"LEAST_OUTSTANDING_REQUESTS", "RANDOM", "PREFIX_AWARE"},
        )
    ],
    "the published values are shorter than the bound": [
        (f"{VARIANT}.{place}", fact, None, length)
        for place, most in (
            ("ManagedInstanceScaling.ScaleInPolicy.Strategy", 63),
            ("ManagedInstanceScaling.Status", 10),
            ("RoutingConfig.RoutingStrategy", 63),
        )
        for fact, length in (("min_length", 1), ("max_length", most))
    ],
    "the schema has an unanchored pattern of the values; the API lists them": [
        difference
        for place, words in (
            (f"{INFERENCE}.FeatureTypes[]", FeatureType),
            (f"{TEXT_CONFIG}.Granularity", TextGranularity),
            (f"{TEXT_CONFIG}.Language", TextLanguage),
            (
                f"{VARIANT}.CapacityReservationConfig.CapacityReservationPreference",
                CapacityReservationPreference,
            ),
        )
        for difference in (
            (place, "pattern", None, "|".join(words)),
            (place, "enum", set(words), None),
        )
    ],
    "the schema has no pattern; the API requires one line": [
        (place, "pattern", ".*", None)
        for place in (
            f"{CLARIFY}.EnableExplanations",
            f"{INFERENCE}.ContentTemplate",
            f"{INFERENCE}.FeatureHeaders[]",
            f"{INFERENCE}.FeaturesAttribute",
            f"{INFERENCE}.LabelAttribute",
            f"{INFERENCE}.LabelHeaders[]",
            f"{INFERENCE}.ProbabilityAttribute",
        )
    ],
    "the schema's pattern has no end anchor; the API matches the whole text": [
        (f"{BASELINE}.MimeType", "pattern", patterns.MIME_TYPE, f"^{patterns.MIME_TYPE}"),
        (
            f"{VARIANT}.CapacityReservationConfig.MlReservationArn",
            "pattern",
            patterns.RESERVATION_ARN,
            "^" + patterns.RESERVATION_ARN.removesuffix(".*"),
        ),
    ],
    NOT_EMPTY: [(place, "min_length", 1, 0) for place in NEEDS_ONE_IN_BOTH],
    TYPES: TYPES_AS_IN_CATALOG,
    tags.WHY: tags.DIFFERENCES,
}
