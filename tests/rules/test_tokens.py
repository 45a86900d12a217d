"""An unresolved value adds no finding: neither about itself nor about related members."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kit.requests import (
    API_REQUESTS,
    FULL_REQUESTS,
    Request,
    Step,
    changed,
    findings_of,
    path_text,
    paths_of,
    steps_of,
)

from cdk_epc.requests import check_request
from cdk_epc.rules import Finding
from cdk_epc.spec import EndpointConfigSpec, Spec
from cdk_epc.spec.fields import members_of


class Resolvable:
    """Object with the interface of CDK's ``IResolvable``."""

    def resolve(self, _context: object) -> object:
        """Resolve the token at deployment."""
        raise NotImplementedError


TEXT = "${Token[TOKEN.12]}"
TOKENS: dict[str, Any] = {
    "text": TEXT,
    "text with a token": f"arn:{TEXT}:tail",
    "number": -1.8881545897087537e289,
    "list": ["#{Token[TOKEN.3]}"],
    "object": Resolvable(),
}
NAMED = {
    name: {**request, "EndpointConfigName": "shop"}
    for name, request in {**FULL_REQUESTS, **API_REQUESTS}.items()
}
PLACES = [(name, at) for name, request in NAMED.items() for at in paths_of(request)]


def findings_for(name: str, request: Request) -> list[Finding]:
    """Return the findings of a changed request, checked like the named one."""
    if name in API_REQUESTS:
        return check_request(request, region="us-east-1")
    return findings_of(request, "us-east-1")


def all_members(cls: type[Spec], at: str = "") -> set[str]:
    """Return every member below a spec class, without indices."""
    found: set[str] = set()
    for member in members_of(cls):
        place = f"{at}.{member.wire}"
        found |= {place} | (all_members(member.nested, place) if member.nested else set())
    return found


def without_indices(at: tuple[Step, ...]) -> str:
    return "".join(f".{step}" for step in at if isinstance(step, str))


def leaves_replaced(value: object, replace: Callable[[object], object]) -> Any:
    """Return the same objects and lists with every scalar replaced."""
    if isinstance(value, dict):
        return {key: leaves_replaced(inner, replace) for key, inner in value.items()}
    if isinstance(value, list):
        return [leaves_replaced(inner, replace) for inner in value]
    return replace(value)


def test_every_member_is_replaced_somewhere() -> None:
    in_shadow = {p for p in all_members(EndpointConfigSpec) if p.startswith(".Shadow")} - {
        ".ShadowProductionVariants"
    }  # the class of a shadow variant is that of a production variant
    tried = {without_indices(at) for _, at in PLACES}
    assert all_members(EndpointConfigSpec) - tried <= in_shadow


@pytest.mark.parametrize("kind", TOKENS)
def test_a_token_in_place_of_any_value_adds_no_finding(kind: str) -> None:
    added = {}
    for name, request in NAMED.items():
        before = findings_for(name, request)
        for at in paths_of(request):
            after = findings_for(name, changed(request, at, TOKENS[kind]))
            if findings := [each for each in after if each not in before]:
                added[name, path_text(at)] = findings
    assert added == {}


@pytest.mark.parametrize("kind", TOKENS)
def test_a_request_with_a_token_for_every_scalar_has_no_finding(kind: str) -> None:
    found = {
        name: findings_for(name, leaves_replaced(request, lambda _: TOKENS[kind]))
        for name, request in NAMED.items()
    }
    assert {name: findings for name, findings in found.items() if findings} == {}


@pytest.mark.parametrize("kind", TOKENS)
def test_a_request_with_a_token_for_every_member_has_no_finding(kind: str) -> None:
    found = {
        name: findings_for(name, dict.fromkeys(request, TOKENS[kind]))
        for name, request in NAMED.items()
    }
    assert {name: findings for name, findings in found.items() if findings} == {}


@pytest.mark.parametrize("kind", TOKENS)
def test_variants_of_tokens_have_no_finding(kind: str) -> None:
    members = [member for member in _variant_members() if member.api_only is None]
    variant = {member.wire: TOKENS[kind] for member in members}
    request = {"ProductionVariants": [variant] * 2, "ShadowProductionVariants": [variant]}
    findings = findings_of(request)
    # The numbers of variants are known.
    assert [finding.rule_id for finding in findings] == ["shadow-several-variants"]
    assert findings_of({"ProductionVariants": [variant] * 2}) == []


def _variant_members() -> list[Any]:
    (variants,) = (m for m in members_of(EndpointConfigSpec) if m.name == "production_variants")
    assert variants.nested is not None
    return list(members_of(variants.nested))


V = "ProductionVariants[0]"
SHAP = "ExplainerConfig.ClarifyExplainerConfig.ShapConfig.ShapBaselineConfig"
INFERENCE = "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig"
MIS = f"{V}.ManagedInstanceScaling"
NOTE = "AsyncInferenceConfig.OutputConfig.NotificationConfig"
CAPTURE = "DataCaptureConfig"
ASYNC = FULL_REQUESTS["asynchronous"]["AsyncInferenceConfig"]
VPC = FULL_REQUESTS["components"]["VpcConfig"]

# A request, changes that would violate a rule next to a known value, and the path of the token.
UNDECIDED: dict[str, tuple[str, Request, str]] = {
    "provisioned concurrency above an unknown maximum": (
        "serverless",
        {f"{V}.ServerlessConfig.ProvisionedConcurrency": 200},
        f"{V}.ServerlessConfig.MaxConcurrency",
    ),
    "unknown provisioned concurrency with a maximum of 1": (
        "serverless",
        {f"{V}.ServerlessConfig.MaxConcurrency": 1},
        f"{V}.ServerlessConfig.ProvisionedConcurrency",
    ),
    "minimum above an unknown maximum": (
        "components",
        {f"{V}.ManagedInstanceScaling.MinInstanceCount": 99, f"{V}.InitialInstanceCount": 99},
        f"{V}.ManagedInstanceScaling.MaxInstanceCount",
    ),
    "unknown minimum with a maximum of 1": (
        "components",
        {f"{V}.ManagedInstanceScaling.MaxInstanceCount": 1},
        f"{V}.ManagedInstanceScaling.MinInstanceCount",
    ),
    "weight with a model that is unknown": (
        "components",
        {f"{V}.InitialVariantWeight": 1},
        f"{V}.ModelName",
    ),
    "SSM access with a model that is unknown": (
        "components",
        {f"{V}.EnableSSMAccess": False},
        f"{V}.ModelName",
    ),
    "unknown weight without a model": ("components", {}, f"{V}.InitialVariantWeight"),
    "unknown SSM access without a model": ("components", {}, f"{V}.EnableSSMAccess"),
    "scaling with an unknown model": ("components", {}, f"{V}.ModelName"),
    "scaling with an unknown status with a model": (
        "shadow",
        {f"{V}.ManagedInstanceScaling": {}},
        f"{V}.ManagedInstanceScaling.Status",
    ),
    "unknown scaling with a model": ("shadow", {}, f"{V}.ManagedInstanceScaling"),
    "prefix settings with an unknown strategy": (
        "instances",
        {},
        f"{V}.RoutingConfig.RoutingStrategy",
    ),
    "unknown settings with another strategy": (
        "instances",
        {f"{V}.RoutingConfig.RoutingStrategy": "RANDOM"},
        f"{V}.RoutingConfig.PrefixAwareRoutingConfig",
    ),
    "unknown pools with a type": ("shadow", {}, f"{V}.InstancePools"),
    "pools with an unknown type": ("pools", {}, f"{V}.InstanceType"),
    "unknown serverless settings with a type": ("shadow", {}, f"{V}.ServerlessConfig"),
    "serverless with an unknown type": ("serverless", {}, f"{V}.InstanceType"),
    "serverless with an unknown count": ("serverless", {}, f"{V}.InitialInstanceCount"),
    "serverless with unknown pools": ("serverless", {}, f"{V}.InstancePools"),
    "serverless with an unknown VPC": ("serverless", {}, "VpcConfig"),
    "serverless with unknown isolation": ("serverless", {}, "EnableNetworkIsolation"),
    "serverless with unknown capture": ("serverless", {}, "DataCaptureConfig"),
    "serverless with capture that may be disabled": (
        "serverless",
        {},
        "DataCaptureConfig.EnableCapture",
    ),
    "serverless with unknown async": ("serverless", {}, "AsyncInferenceConfig"),
    "serverless with unknown shadows": ("serverless", {}, "ShadowProductionVariants"),
    "async with unknown shadows": ("pools", {}, "ShadowProductionVariants"),
    "Inf1 with unknown async": (
        "shadow",
        {"ShadowProductionVariants": TEXT, f"{V}.InstanceType": "ml.inf1.xlarge"},
        "AsyncInferenceConfig",
    ),
    "Inf1 with unknown shadows": (
        "shadow",
        {f"{V}.InstanceType": "ml.inf1.xlarge"},
        "ShadowProductionVariants",
    ),
    "shadow with unknown async": ("shadow", {}, "AsyncInferenceConfig"),
    "async that may be serverless": (
        "shadow",
        {"ShadowProductionVariants": TEXT, "AsyncInferenceConfig": ASYNC, "VpcConfig": VPC},
        f"{V}.ServerlessConfig",
    ),
    "no role with an unknown model": (
        "components",
        {f"{V}.ManagedInstanceScaling": {"Status": "DISABLED"}, "ExecutionRoleArn": TEXT},
        f"{V}.InstanceType",
    ),
    "key with an unknown type": ("components", {"KmsKeyId": "alias/a"}, f"{V}.InstanceType"),
    "unknown key with local storage": ("components", {}, "KmsKeyId"),
    "volume with an unknown type": (
        "components",
        {f"{V}.VolumeSizeInGB": 1},
        f"{V}.InstanceType",
    ),
    "unknown volume with local storage": ("components", {}, f"{V}.VolumeSizeInGB"),
    "type with a token for its size": (
        "components",
        {f"{V}.VolumeSizeInGB": 1, "KmsKeyId": "alias/a"},
        f"{V}.InstanceType",
    ),
    "unknown baseline with its URI": ("explained-lines", {}, f"{SHAP}.ShapBaseline"),
    "baseline with an unknown URI": ("explained", {}, f"{SHAP}.ShapBaselineUri"),
    "feature types of which one is unknown": (
        "explained",
        {f"{INFERENCE}.FeatureTypes": ["numerical", "numerical"]},
        f"{INFERENCE}.FeatureTypes[1]",
    ),
    "another plan that is unknown": (
        "reserved",
        {},
        "ProductionVariants[1].CapacityReservationConfig.MlReservationArn",
    ),
    "another name that is unknown": (
        "instances",
        {f"{V}.VariantName": TEXT},
        "ProductionVariants[1].VariantName",
    ),
    "another tag that is unknown": ("instances", {"Tags[0].Key": TEXT}, "Tags[1].Key"),
    "a second variant that is unknown with serverless": (
        "serverless",
        {},
        "ProductionVariants[1]",
    ),
    "a second variant that is unknown with a shadow": ("shadow", {}, "ProductionVariants[1]"),
    "a second shadow that is unknown": ("shadow", {}, "ShadowProductionVariants[1]"),
    "a second variant that is unknown with async": ("asynchronous", {}, "ProductionVariants[1]"),
    "an unknown explainer with async": ("asynchronous", {}, "ExplainerConfig"),
    "an unknown path of the responses": (
        "asynchronous",
        {},
        "AsyncInferenceConfig.OutputConfig.S3OutputPath",
    ),
    "the response in a topic that is unknown": ("asynchronous", {}, f"{NOTE}.SuccessTopic"),
    "another topic for the response that is unknown": (
        "asynchronous",
        {},
        f"{NOTE}.IncludeInferenceResponseIn[1]",
    ),
    "the input with an unknown option": ("instances", {}, f"{CAPTURE}.CaptureOptions[1]"),
    "the input with an unknown mode": (
        "instances",
        {},
        f"{CAPTURE}.CaptureOptions[1].CaptureMode",
    ),
    "a sampling of 0 with capture that may be disabled": (
        "instances",
        {f"{CAPTURE}.InitialSamplingPercentage": 0},
        f"{CAPTURE}.EnableCapture",
    ),
    "a content type that may be the same": (
        "instances",
        {},
        f"{CAPTURE}.CaptureContentTypeHeader.JsonContentTypes[0]",
    ),
    "content types of which one list is unknown": (
        "instances",
        {f"{CAPTURE}.CaptureContentTypeHeader": {}},
        f"{CAPTURE}.CaptureContentTypeHeader.CsvContentTypes",
    ),
    "three features, one of them unknown": (
        "explained",
        {f"{INFERENCE}.FeatureTypes": ["numerical", "text", "text"]},
        f"{INFERENCE}.FeatureTypes[0]",
    ),
    "lines with an unknown template": ("explained-lines", {}, f"{INFERENCE}.ContentTemplate"),
    "an unknown index with an attribute": (
        "explained-lines",
        {},
        f"{INFERENCE}.ProbabilityIndex",
    ),
    "label headers with an unknown index": ("explained-headers", {}, f"{INFERENCE}.LabelIndex"),
    "a label in an unknown column": ("explained", {}, f"{INFERENCE}.LabelIndex"),
    "an explainer that is unknown": ("explained", {"ExplainerConfig": {}}, "ExplainerConfig"),
    "an explainer with an unknown model": ("explained", {}, f"{V}.ModelName"),
    "an explainer with an unknown variant": ("explained", {}, "ProductionVariants[1]"),
    "serverless with an unknown explainer": ("serverless", {}, "ExplainerConfig"),
    "serverless with an unknown volume": ("serverless", {}, f"{V}.VolumeSizeInGB"),
    "serverless with unknown routing": ("serverless", {}, f"{V}.RoutingConfig"),
    "serverless with an unknown image": ("serverless", {}, f"{V}.InferenceAmiVersion"),
    "a weight of 0 with an unknown one": (
        "instances",
        {},
        "ProductionVariants[1].InitialVariantWeight",
    ),
    "a weight of 0 with an unknown variant": (
        "asynchronous",
        {f"{V}.InitialVariantWeight": 0, "AsyncInferenceConfig": TEXT},
        "ProductionVariants[1]",
    ),
    "a shadow of fewer instances, or of another type": (
        "shadow",
        {"ShadowProductionVariants[0].InitialInstanceCount": 2},
        "ShadowProductionVariants[0].InstanceType",
    ),
    "a shadow of more instances, of an unknown weight": (
        "shadow",
        {
            "ShadowProductionVariants[0].InitialInstanceCount": 2,
            "ShadowProductionVariants[0].InstanceType": "ml.m5.xlarge",
        },
        "ShadowProductionVariants[0].InitialVariantWeight",
    ),
    "a shadow of more instances, with an unknown weight": (
        "shadow",
        {
            "ShadowProductionVariants[0].InitialInstanceCount": 2,
            "ShadowProductionVariants[0].InstanceType": "ml.m5.xlarge",
        },
        f"{V}.InitialVariantWeight",
    ),
    "an unknown number of instances": ("shadow", {}, f"{V}.InitialInstanceCount"),
    "prefix-aware routing on an unknown number of instances": (
        "instances",
        {},
        f"{V}.InitialInstanceCount",
    ),
    "prefix-aware routing on one instance that may be scaled": (
        "components",
        {
            f"{V}.RoutingConfig": FULL_REQUESTS["instances"]["ProductionVariants"][0][
                "RoutingConfig"
            ]
        },
        MIS,
    ),
    "another pool of an unknown priority": ("pools", {}, f"{V}.InstancePools[1].Priority"),
    "another pool of an unknown type": (
        "pools",
        {},
        f"{V}.InstancePools[1].InstanceType",
    ),
    "one pool with an unknown one": (
        "pools",
        {f"{V}.InstancePools": [{"InstanceType": "ml.g5.xlarge", "Priority": 1}]},
        f"{V}.InstancePools[1]",
    ),
    "one pool that is unknown": (
        "pools",
        {f"{V}.InstancePools": [{"InstanceType": "ml.g5.xlarge", "Priority": 1}]},
        f"{V}.InstancePools[0]",
    ),
    "another platform with an unknown model": (
        "pools",
        {},
        f"{V}.InstancePools[1].ModelNameOverride",
    ),
    "pools with unknown routing": ("pools-routed", {}, f"{V}.RoutingConfig"),
    "pools that may be asynchronous": (
        "pools-routed",
        {f"{V}.RoutingConfig": {"RoutingStrategy": "RANDOM"}},
        "AsyncInferenceConfig",
    ),
    "a plan that is unknown": (
        "reserved",
        {"ProductionVariants[1].InstanceType": "ml.g6.xlarge"},
        "ProductionVariants[1].CapacityReservationConfig.MlReservationArn",
    ),
    "a plan with an unknown preference": (
        "reserved",
        {},
        f"{V}.CapacityReservationConfig.CapacityReservationPreference",
    ),
    "an unknown preference without a plan": (
        "reserved",
        {f"{V}.CapacityReservationConfig": {}},
        f"{V}.CapacityReservationConfig.CapacityReservationPreference",
    ),
    "an unknown plan without a preference": (
        "reserved",
        {f"{V}.CapacityReservationConfig": {}},
        f"{V}.CapacityReservationConfig.MlReservationArn",
    ),
    "an image for an unknown type": ("reserved", {}, f"{V}.InstanceType"),
    "an unknown image": ("shadow", {}, f"{V}.InferenceAmiVersion"),
    "keys of other data with an unknown key": (
        "shadow",
        {},
        "KmsKeyId",
    ),
    "an unknown key with others": ("instances", {}, "KmsKeyId"),
    "a volume on an unknown pool": ("pools-routed", {}, f"{V}.InstancePools[1].InstanceType"),
    "components with an unknown model": ("instances", {}, "ProductionVariants[1].ModelName"),
    "a VPC with an unknown model": ("shadow", {"VpcConfig": VPC}, f"{V}.ModelName"),
    "an initial count with an unknown maximum": (
        "components",
        {f"{V}.InitialInstanceCount": 2, f"{MIS}.MinInstanceCount": 1},
        f"{MIS}.MaxInstanceCount",
    ),
    "scaling with an unknown bound": ("components", {}, f"{MIS}.MaxInstanceCount"),
    "an initial count with scaling that may be disabled": (
        "components",
        {f"{V}.InitialInstanceCount": 9},
        f"{MIS}.Status",
    ),
    "a step size with an unknown strategy": ("components", {}, f"{MIS}.ScaleInPolicy.Strategy"),
    "an interval with unknown enhanced metrics": (
        "instances",
        {},
        "MetricsConfig.EnableEnhancedMetrics",
    ),
    "unknown observability": ("instances", {}, "MetricsConfig.EnableDetailedObservability"),
    "unknown access": ("shadow", {}, f"{V}.EnableSSMAccess"),
    "a shadow that is unknown with async": (
        "pools",
        {"ShadowProductionVariants": []},
        "ShadowProductionVariants[0]",
    ),
}


@pytest.mark.parametrize("kind", TOKENS)
def test_a_value_next_to_a_token_has_no_finding(kind: str) -> None:
    found = {}
    for case, (name, changes, at) in UNDECIDED.items():
        request: Request = FULL_REQUESTS[name]
        for place, value in changes.items():
            request = changed(request, place, value)
        if findings := findings_of(changed(request, steps_of(at), TOKENS[kind])):
            found[case] = findings
    assert found == {}


def test_a_known_value_next_to_a_token_is_checked() -> None:
    request = changed(FULL_REQUESTS["instances"], f"{V}.InitialInstanceCount", 0)
    request = changed(request, f"{V}.InstanceType", TEXT)
    assert [finding.rule_id for finding in findings_of(request)] == ["value-out-of-range"]


@pytest.mark.parametrize("at", ["KmsKeyId", "ExecutionRoleArn"])
def test_a_token_counts_as_a_value(at: str) -> None:
    request = changed(FULL_REQUESTS["components"], at, TEXT)
    assert findings_of(request) == []
