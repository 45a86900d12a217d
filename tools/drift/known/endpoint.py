"""Intended differences of an endpoint, each with its reason.

The first value of a difference is that of the spec class, the second that of the published model.
"""

from __future__ import annotations

from tools.drift.differences import Difference
from tools.drift.known import tags

ROLLBACK = "DeploymentConfig.AutoRollbackConfiguration.Alarms"
ROUTING = "DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration"
RETAINED = "ExcludeRetainedVariantProperties"

NEEDS_ONE_IN_API = ["EndpointConfigName", "EndpointName"]

FROM_API: dict[str, list[Difference]] = {
    "CloudFormation generates a name if none is given": [("EndpointName", "required", False, True)],
    "CloudFormation requires it": [
        (ROLLBACK, "required", True, False),
        (f"{ROLLBACK}[].AlarmName", "required", True, False),
    ],
    "it is optional in CloudFormation": [
        (f"{ROUTING}.WaitIntervalInSeconds", "required", False, True)
    ],
    "the minimum length is 0, but the pattern requires at least one character": [
        (place, "min_length", 1, 0) for place in NEEDS_ONE_IN_API
    ],
    tags.WHY: tags.DIFFERENCES,
}

FROM_CFN: dict[str, list[Difference]] = {
    "read only: CloudFormation sets it": [("EndpointArn", "present", False, True)],
    "the API has this bound": [
        ("EndpointConfigName", "max_length", 63, 64),
        ("EndpointName", "max_length", 63, 64),
        (ROLLBACK, "min_items", 1, 0),
        (RETAINED, "max_items", 3, None),
        (RETAINED, "min_items", 0, None),
        (f"{RETAINED}[].VariantPropertyType", "required", True, False),
        (
            f"{RETAINED}[].VariantPropertyType",
            "enum",
            {"DesiredInstanceCount", "DesiredWeight", "DataCaptureConfig"},
            None,
        ),
    ],
    tags.WHY: tags.DIFFERENCES,
}
