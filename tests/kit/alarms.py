"""Alarms with their endpoints, from JSON with AWS's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdk_epc.spec import EndpointConfigSpec, EndpointSpec, Path
from cdk_epc.spec.alarm import AlarmSpec
from cdk_epc.spec.context import AlarmContext, ConfigContext, EndpointContext
from cdk_epc.spec.wire import spec_from_json

ENDPOINT = {"Name": "EndpointName", "Value": "fraud"}
VARIANT = {"Name": "VariantName", "Value": "main"}
ALARM: Mapping[str, Any] = {
    "AlarmName": "fraud-errors",
    "Namespace": "AWS/SageMaker",
    "MetricName": "Invocation5XXErrors",
    "Dimensions": [ENDPOINT, VARIANT],
    "Statistic": "Average",
    "Threshold": 0.05,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
}
"""Alarm without findings, on the endpoint of `REAL_TIME` and of the other configurations."""

REAL_TIME: Mapping[str, Any] = {
    "ProductionVariants": [
        {
            "VariantName": "main",
            "ModelName": "fraud-7",
            "InstanceType": "ml.m5.xlarge",
            "InitialInstanceCount": 2,
        }
    ]
}
ASYNCHRONOUS = {
    **REAL_TIME,
    "AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/out/"}},
}
SERVERLESS = {
    "ProductionVariants": [
        {
            "VariantName": "main",
            "ModelName": "fraud-7",
            "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5},
        }
    ]
}
COMPONENTS = {
    "ProductionVariants": [
        {"VariantName": "main", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 2}
    ]
}


def alarm_of(**changes: Any) -> AlarmSpec:
    """Return the valid alarm with changes; ``None`` removes a member."""
    data = {name: value for name, value in {**ALARM, **changes}.items() if value is not None}
    return spec_from_json(AlarmSpec, data)[0]


def alarm_context(alarm: AlarmSpec, config: Mapping[str, Any] | None = REAL_TIME) -> AlarmContext:
    """Return an alarm with an endpoint for each dimension that names one."""
    if config is None:
        return AlarmContext(alarm=alarm)
    placed = ConfigContext(config=spec_from_json(EndpointConfigSpec, config)[0])
    endpoint = EndpointContext(endpoint=EndpointSpec(endpoint_name="fraud"), config=placed)
    endpoints: dict[Path, EndpointContext] = {
        path: endpoint
        for use in alarm.metric_uses()
        for path, name, _ in use.dimensions()
        if name == "EndpointName"
    }
    return AlarmContext(alarm=alarm, endpoints=endpoints)
