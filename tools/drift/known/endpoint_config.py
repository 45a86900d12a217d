"""The meant differences of an endpoint configuration, each with its reason.

Left is what our class declares, right what the published model says.
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

NOT_EMPTY = "the least length is 0, but the pattern needs at least one character"
TYPES = "instance types have rules of their own, and new ones are a warning only"
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
TYPES_AS_IN_CATALOGUE: list[Difference] = [
    difference
    for place in INSTANCE_TYPES
    for difference in (
        (place, "enum", None, set(HOSTING_TYPES)),
        # Ours alone, and far from the longest type: a bound on what the rules look at.
        (place, "max_length", 63, None),
    )
]
FROM_API: dict[str, list[Difference]] = {
    "no longer supported, so the class has it in REMOVED": [
        (f"{VARIANT}.AcceleratorType", "present", False, True)
    ],
    "CloudFormation makes a name where none is given": [
        ("EndpointConfigName", "required", False, True)
    ],
    "the API names the seven values in its prose only": [
        (
            "MetricsConfig.MetricPublishFrequencyInSeconds",
            "enum",
            {10, 30, 60, 120, 180, 240, 300},
            None,
        )
    ],
    NOT_EMPTY: [(place, "min_length", 1, 0) for place in NEEDS_ONE_IN_API],
    TYPES: TYPES_AS_IN_CATALOGUE,
    tags.WHY: tags.DIFFERENCES,
}


FROM_CFN: dict[str, list[Difference]] = {
    "CloudFormation lacks it, so the member says api_only": [
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
    "read only: CloudFormation makes it": [("EndpointConfigArn", "present", False, True)],
    "the API refuses a routing without a strategy": [
        (f"{VARIANT}.RoutingConfig.RoutingStrategy", "required", True, False)
    ],
    "the API has it; here it is a warning": [
        (
            f"{VARIANT}.RoutingConfig.RoutingStrategy",
            "enum",
            {"LEAST_OUTSTANDING_REQUESTS", "RANDOM", "PREFIX_AWARE", "KV_AWARE"},
            {"LEAST_OUTSTANDING_REQUESTS", "RANDOM", "PREFIX_AWARE"},
        )
    ],
    "the published words are shorter anyway": [
        (f"{VARIANT}.{place}", fact, None, length)
        for place, most in (
            ("ManagedInstanceScaling.ScaleInPolicy.Strategy", 63),
            ("ManagedInstanceScaling.Status", 10),
            ("RoutingConfig.RoutingStrategy", 63),
        )
        for fact, length in (("min_length", 1), ("max_length", most))
    ],
    "an unanchored pattern of the words; the API has the words themselves": [
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
    "the schema has no pattern; the API wants one line": [
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
    "the schema's pattern is open at its end; the API's is whole": [
        (f"{BASELINE}.MimeType", "pattern", patterns.MIME_TYPE, f"^{patterns.MIME_TYPE}"),
        (
            f"{VARIANT}.CapacityReservationConfig.MlReservationArn",
            "pattern",
            patterns.RESERVATION_ARN,
            "^" + patterns.RESERVATION_ARN.removesuffix(".*"),
        ),
    ],
    NOT_EMPTY: [(place, "min_length", 1, 0) for place in NEEDS_ONE_IN_BOTH],
    TYPES: TYPES_AS_IN_CATALOGUE,
    tags.WHY: tags.DIFFERENCES,
}
