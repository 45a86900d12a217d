"""Intended differences of an inference component, each with its reason.

The first value of a difference is that of the spec class, the second that of the published model.
"""

from __future__ import annotations

from cdk_epc.catalog.instances import HOSTING_TYPES
from cdk_epc.spec import patterns
from tools.drift.differences import Difference
from tools.drift.known import tags

SPECIFICATIONS = ("Specification", "Specifications[]")
ROLLING = "DeploymentConfig.RollingUpdatePolicy"
ROLLBACK = "DeploymentConfig.AutoRollbackConfiguration.Alarms"
COMPUTE = "ComputeResourceRequirements"
METRICS = "Container.ContainerMetricsConfig.MetricsEndpoints"
FREQUENCY = f"{METRICS}[].MetricPublishFrequencyInSeconds"
ENVIRONMENT = "Container.Environment"
BALANCE = "SchedulingConfig.AvailabilityZoneBalance"

NOT_EMPTY = "the minimum length is 0, but the pattern requires at least one character"
NO_BOUND = "0 is not a bound"
CFN_REQUIRES = "CloudFormation requires it"
API_REQUIRES = "the API requires it"
NARROWER = "CloudFormation's bound is the narrower one"
TYPES = "separate rules check instance types, and new ones are only a warning"
CFN_NAME = "[a-zA-Z0-9](-*[a-zA-Z0-9])*"
NAMES = ("EndpointName", "InferenceComponentName", "VariantName")


def _in_each(*differences: Difference) -> list[Difference]:
    return [(f"{each}.{place}", *rest) for each in SPECIFICATIONS for place, *rest in differences]


NEEDS_ONE: list[Difference] = [
    *((name, "min_length", 1, 0) for name in NAMES),
    *_in_each(
        ("Container.ArtifactUrl", "min_length", 1, 0),
        ("Container.Image", "min_length", 1, 0),
        ("ModelName", "min_length", 1, 0),
    ),
    ("Specification.BaseInferenceComponentName", "min_length", 1, 0),
]

FROM_API: dict[str, list[Difference]] = {
    "only CloudFormation has it": [("EndpointArn", "present", True, False)],
    "CloudFormation generates a name if none is given": [
        ("InferenceComponentName", "required", False, True)
    ],
    CFN_REQUIRES: [
        (ROLLBACK, "required", True, False),
        (f"{ROLLBACK}[].AlarmName", "required", True, False),
        ("Specifications[].InstanceType", "required", True, False),
        *_in_each((METRICS, "required", True, False), (BALANCE, "required", True, False)),
    ],
    NARROWER: [
        ("Specifications", "min_items", 2, 1),
        ("Tags[].Value", "min_length", 1, 0),
        *_in_each(
            (METRICS, "min_items", 1, 0),
            (ENVIRONMENT, "max_items", 16, 100),
            (
                f"{ENVIRONMENT}{{key}}",
                "pattern",
                patterns.LONG_VARIABLE,
                patterns.VARIABLE,
            ),
        ),
    ],
    "the API lists the seven values in its prose only": _in_each(
        (FREQUENCY, "enum", {10, 30, 60, 120, 180, 240, 300}, None)
    ),
    NO_BOUND: _in_each(
        (f"{ENVIRONMENT}{{value}}", "min_length", None, 0),
        (f"{COMPUTE}.AcceleratorPartitionType", "min_length", None, 0),
    ),
    NOT_EMPTY: [
        *NEEDS_ONE,
        ("Specifications[].BaseInferenceComponentName", "min_length", 1, 0),
        *_in_each(
            (f"{METRICS}[].MetricsEndpointPath", "min_length", 1, 0),
            (f"{ENVIRONMENT}{{key}}", "min_length", 1, 0),
        ),
    ],
    TYPES: _in_each(
        ("InstanceType", "enum", None, set(HOSTING_TYPES)),
        # Only ours, and far above the longest type: a limit for the input of the rules.
        ("InstanceType", "max_length", 63, None),
    ),
    tags.WHY: tags.DIFFERENCES,
}

FROM_CFN: dict[str, list[Difference]] = {
    "CloudFormation lacks it, so the member has api_only": [
        ("Specification.InstanceType", "present", True, False),
        ("Specifications[].BaseInferenceComponentName", "present", True, False),
        *_in_each((f"{COMPUTE}.AcceleratorPartitionType", "present", True, False)),
    ],
    "read only: SageMaker sets it, so the class has it in READ_ONLY": [
        (place, "present", False, True)
        for place in (
            "CreationTime",
            "FailureReason",
            "InferenceComponentArn",
            "InferenceComponentStatus",
            "LastModifiedTime",
            "RuntimeConfig.CurrentCopyCount",
            "RuntimeConfig.DesiredCopyCount",
            "RuntimeConfig.PlacementStatus",
            "RuntimeConfig.PlacementStatus[]",
            "RuntimeConfig.PlacementStatus[].CurrentCopyCount",
            "RuntimeConfig.PlacementStatus[].InstanceType",
            "Specification.Container.DeployedImage",
            "Specification.Container.DeployedImage.ResolutionTime",
            "Specification.Container.DeployedImage.ResolvedImage",
            "Specification.Container.DeployedImage.SpecifiedImage",
            *(
                f"{each}.CurrentDataCacheConfig{below}"
                for each in SPECIFICATIONS
                for below in ("", ".EnableCaching")
            ),
        )
    ],
    API_REQUIRES: [
        (ROLLING, "required", True, False),
        (f"{ROLLING}.MaximumBatchSize", "required", True, False),
        (f"{ROLLING}.WaitIntervalInSeconds", "required", True, False),
        ("RuntimeConfig.CopyCount", "required", True, False),
        *_in_each((f"{COMPUTE}.MinMemoryRequiredInMb", "required", True, False)),
    ],
    "the API has the minimum": [
        (f"{ROLLING}.MaximumBatchSize.Value", "minimum", 1, None),
        (f"{ROLLING}.RollbackMaximumBatchSize.Value", "minimum", 1, None),
    ],
    "the API lists the values, the schema only their minimum and maximum": _in_each(
        (FREQUENCY, "enum", {10, 30, 60, 120, 180, 240, 300}, None),
        (FREQUENCY, "minimum", None, 10),
        (FREQUENCY, "maximum", None, 300),
    ),
    "another spelling of the same pattern": [
        ("EndpointName", "pattern", patterns.NAME, CFN_NAME),
        ("VariantName", "pattern", patterns.NAME, CFN_NAME),
        ("InferenceComponentName", "pattern", patterns.MODEL_NAME, CFN_NAME),
        (
            "Specification.BaseInferenceComponentName",
            "pattern",
            patterns.MODEL_NAME,
            CFN_NAME,
        ),
        *_in_each(("ModelName", "pattern", patterns.MODEL_NAME, CFN_NAME)),
    ],
    "the schema's pattern has no end anchor; the API matches the whole text": [
        (f"{ROLLBACK}[].AlarmName", "pattern", patterns.ALARM_NAME, f"^{patterns.ALARM_NAME}"),
    ],
    TYPES: [
        ("Specifications[].InstanceType", "pattern", None, "^ml\\..*"),
        ("Specifications[].InstanceType", "max_length", 63, 64),
    ],
    "the pattern requires at least one character": [
        *NEEDS_ONE,
        *_in_each(
            (f"{METRICS}[].MetricsEndpointPath", "min_length", 1, None),
            (f"{ENVIRONMENT}{{key}}", "min_length", 1, None),
        ),
    ],
    "the API has this bound": _in_each((f"{ENVIRONMENT}{{key}}", "max_length", 1024, None)),
    tags.WHY: tags.DIFFERENCES,
}
