"""Topics of the page of public names."""

from __future__ import annotations

from typing import Final

import attrs


@attrs.frozen
class ApiTopic:
    """Topic of the page.

    Attributes:
        title: Heading.
        names: Public names in the order of the page.
        introduction: Text between the heading and the first name.
    """

    title: str
    names: tuple[str, ...]
    introduction: str = ""


TOPICS: Final = (
    ApiTopic(
        "Configuration",
        (
            "EndpointConfig",
            "EndpointConfigOptions",
            "EndpointConfigBase",
            "VariantHandle",
        ),
    ),
    ApiTopic(
        "Variants",
        (
            "InstanceVariant",
            "ServerlessVariant",
            "InferenceComponentVariant",
            "InstancePool",
            "InstanceType",
            "Routing",
            "ManagedInstanceScaling",
            "ScaleIn",
            "CapacityReservation",
            "CoreDump",
        ),
        introduction="Each is a frozen value. The `add_...` methods of `EndpointConfig` take the "
        "same arguments.",
    ),
    ApiTopic(
        "Features",
        (
            "AsyncInference",
            "DataCapture",
            "ClarifyExplainer",
            "ClarifyText",
            "ShapBaseline",
            "MetricsPublication",
            "VpcPlacement",
            "S3Location",
        ),
        introduction="Each is a frozen value. The methods of `EndpointConfig` take the same "
        "arguments.",
    ),
    ApiTopic(
        "Mixins",
        (
            "EndpointConfigDataCapture",
            "EndpointConfigAsyncInference",
            "EndpointConfigClarifyExplainer",
            "EndpointConfigMetricsPublication",
        ),
        introduction="`CfnEndpointConfig.with_` applies these features to an L1 construct.",
    ),
    ApiTopic(
        "Models",
        (
            "Model",
            "ModelOptions",
            "ModelBase",
            "Container",
            "ContainerImage",
            "ModelData",
            "ExecutionRole",
        ),
    ),
    ApiTopic(
        "Endpoints",
        (
            "Endpoint",
            "EndpointOptions",
            "EndpointBase",
            "EndpointGrants",
            "EndpointVariant",
            "VariantReference",
        ),
    ),
    ApiTopic(
        "Deployments",
        (
            "Deployment",
            "CapacitySize",
            "RetainedProperties",
        ),
    ),
    ApiTopic(
        "Inference components",
        (
            "InferenceComponent",
            "InferenceComponentOptions",
            "InferenceComponentBase",
            "ComponentContainer",
            "MetricsEndpoint",
            "ComputeRequirements",
            "ComponentStartup",
            "ComponentScheduling",
            "InstanceTypeSpecification",
            "ComponentDeployment",
            "ComponentCapacitySize",
        ),
    ),
    ApiTopic(
        "Scaling",
        (
            "ScalableVariant",
            "ScalableCopies",
            "ScalingPolicy",
            "Cron",
        ),
        "`auto_scale` of a variant or a component returns the scalable target.",
    ),
    ApiTopic(
        "Metrics and alarms",
        (
            "AlarmKind",
            "AlarmThresholds",
            "RecommendedAlarms",
            "MetricOptions",
            "ContainerMetrics",
            "FleetMetrics",
            "QueueMetrics",
        ),
        introduction="`cdk_epc.catalog.metrics` has the table of all metrics that SageMaker "
        "publishes; it does not start Node.",
    ),
    ApiTopic(
        "Rules and findings",
        (
            "acknowledge",
            "EndpointValidator",
            "EndpointConfigError",
            "Finding",
            "Rule",
            "Violation",
            "Severity",
            "Evidence",
            "Profile",
            "PEDANTIC_RULES",
            "SECURITY_CONTROLS",
        ),
        introduction="`cdk_epc.rules` has `RULES`, all rules, and `check`, which returns the "
        "findings of a spec. Neither starts Node.",
    ),
    ApiTopic(
        "Requests and templates",
        (
            "check_request",
            "check_template",
            "Report",
        ),
        introduction="`review_request` of `cdk_epc.requests` and `review_template` of "
        "`cdk_epc.templates` accept the same arguments and return a `Report`. None of "
        "these functions starts Node.",
    ),
    ApiTopic(
        "Specs",
        (
            "EndpointConfigSpec",
            "ModelSpec",
            "EndpointSpec",
            "InferenceComponentSpec",
            "AlarmSpec",
        ),
        introduction="A spec is a resource as a frozen value without CDK, and the subject of a "
        "rule. Its members have AWS's names in Python's spelling; a missing member is `None`.",
    ),
    ApiTopic(
        "Contexts",
        (
            "ConfigContext",
            "EndpointContext",
            "InferenceComponentContext",
            "ModelContext",
            "ScalableTargetContext",
            "ScalingPolicyContext",
            "AlarmContext",
        ),
        introduction="A context is a spec with its related resources, and the subject of a rule "
        "that compares them. A resource that is not known is left out.",
    ),
    ApiTopic(
        "Enumerations",
        (
            "AdjustmentType",
            "BaselineMimeType",
            "CapacityReservationPreference",
            "CaptureMode",
            "EndpointKind",
            "FeatureType",
            "InferenceAmiVersion",
            "InferenceExecutionMode",
            "InferenceResponseIn",
            "ManagedInstanceScalingStatus",
            "MetricAggregationType",
            "ModelCacheSetting",
            "RoutingStrategy",
            "ScaleInStrategy",
            "TextGranularity",
            "TextLanguage",
        ),
        "The published words of the API. A newer word is accepted as a string.",
    ),
)
"""Topics in the order of the page."""
