"""Types of API requests that can be checked, and their detection from the members of a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.spec.alarm import AlarmSpec
from cdk_epc.spec.component import InferenceComponentSpec
from cdk_epc.spec.endpoint import EndpointSpec
from cdk_epc.spec.endpoint_config import EndpointConfigSpec
from cdk_epc.spec.fields import Spec
from cdk_epc.spec.model import ModelSpec
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec, ScheduledAction
from cdk_epc.spec.unresolved import is_list, is_mapping


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RequestType(Record):
    """Type of a request.

    Attributes:
        operation: Operation of the API.
        spec: Class of the spec of the resource.
        response_only: Members of descriptions of the resource that no request has.
    """

    operation: str
    spec: type[Spec]
    response_only: frozenset[str] = frozenset()


CREATE_CONFIG: Final = RequestType(operation="CreateEndpointConfig", spec=EndpointConfigSpec)
CREATE_MODEL: Final = RequestType(
    operation="CreateModel",
    spec=ModelSpec,
    response_only=frozenset(
        {"ModelArn", "CreationTime", "DeploymentRecommendation", "ResponseMetadata"}
    ),
)
CREATE_ENDPOINT: Final = RequestType(operation="CreateEndpoint", spec=EndpointSpec)
CREATE_COMPONENT: Final = RequestType(
    operation="CreateInferenceComponent", spec=InferenceComponentSpec
)
REGISTER_TARGET: Final = RequestType(operation="RegisterScalableTarget", spec=ScalableTargetSpec)
PUT_POLICY: Final = RequestType(operation="PutScalingPolicy", spec=ScalingPolicySpec)
PUT_SCHEDULE: Final = RequestType(operation="PutScheduledAction", spec=ScheduledAction)
PUT_ALARM: Final = RequestType(operation="PutMetricAlarm", spec=AlarmSpec)

_VARIANTS: Final = frozenset({"ProductionVariants", "ShadowProductionVariants"})
_CONFIG_NAMES: Final = frozenset({"EndpointConfigName", "EndpointConfigArn"})
_ENDPOINT: Final = frozenset({"EndpointName", "EndpointArn"})
_SPECIFICATIONS: Final = frozenset({"Specification", "Specifications"})
# Each of these is in a response, never in a request.
_OF_RESPONSES: Final = frozenset(
    {"EndpointArn", "EndpointStatus", "InferenceComponentArn", "InferenceComponentStatus"}
)
_SCALED: Final = frozenset({"ResourceId", "ScalableDimension"})
_TARGET: Final = frozenset({"MinCapacity", "MaxCapacity", "SuspendedState", "RoleARN"})
_MODEL: Final = frozenset({"ModelName", "ExecutionRoleArn", "InferenceExecutionConfig"})


def request_type_of(data: Mapping[str, Any], *, named: bool = True) -> RequestType | None:
    """Return the type of a request from its members; ``None`` for other documents.

    Args:
        data: The request.
        named: Whether the caller passes the data as a request. Then the name of a configuration is
            enough, without variants. Other documents may contain the name too.
    """
    given = frozenset(data)
    if "ServiceNamespace" in given and given >= _SCALED:
        return _scaling_type(data, given)
    if "AlarmName" in given:
        return PUT_ALARM if any(map(_is_of_sagemaker, _namespaces(data))) else None
    if given & _ENDPOINT:
        return None if given & (_OF_RESPONSES | _VARIANTS) else _endpoint_type(given)
    if given & (_VARIANTS | _CONFIG_NAMES if named else _VARIANTS):
        return CREATE_CONFIG
    is_model = is_mapping(data.get("PrimaryContainer")) or (
        is_list(data.get("Containers")) and given & _MODEL
    )
    return (
        CREATE_MODEL if is_model or (named and given >= {"ModelName", "ExecutionRoleArn"}) else None
    )


def _scaling_type(data: Mapping[str, Any], given: frozenset[str]) -> RequestType | None:
    if data["ServiceNamespace"] != "sagemaker":
        return None
    if "ScheduledActionName" in given:
        return PUT_SCHEDULE
    if given & {"PolicyName", "PolicyType"}:
        return PUT_POLICY
    return REGISTER_TARGET if given & _TARGET else None


def _endpoint_type(given: frozenset[str]) -> RequestType | None:
    # UpdateInferenceComponent has no endpoint, and deletes and descriptions have only a name.
    if given & _SPECIFICATIONS:
        return CREATE_COMPONENT
    return CREATE_ENDPOINT if given >= {"EndpointName", "EndpointConfigName"} else None


def _namespaces(data: Mapping[str, Any]) -> Iterator[object]:
    yield data.get("Namespace")
    queries = data.get("Metrics")
    for query in queries if is_list(queries) else ():
        value: Any = query
        for step in ("MetricStat", "Metric", "Namespace"):
            value = value.get(step) if is_mapping(value) else None
        yield value


def _is_of_sagemaker(namespace: object) -> bool:
    return isinstance(namespace, str) and "sagemaker" in namespace.lower()
