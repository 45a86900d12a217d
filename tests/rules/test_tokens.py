"""A value that only the deployment knows adds no finding: not where it stands, not next to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kit.specs import (
    API_REQUESTS,
    FULL_REQUESTS,
    Request,
    Step,
    changed,
    findings_of,
    places_of,
    steps_of,
    words_of,
)

from cdk_epc.requests import check_request
from cdk_epc.rules import Finding
from cdk_epc.spec import EndpointConfigSpec, Spec
from cdk_epc.spec.fields import members_of


class Resolvable:
    """What CDK calls an ``IResolvable``."""

    def resolve(self, _context: object) -> object:
        """Only the deployment knows."""
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
PLACES = [(name, at) for name, request in NAMED.items() for at in places_of(request)]


def said_of(name: str, request: Request) -> list[Finding]:
    """The findings of a request made from one of these, through a door that it fits."""
    if name in API_REQUESTS:
        return check_request(request, region="us-east-1")
    return findings_of(request, "us-east-1")


def all_members(cls: type[Spec], at: str = "") -> set[str]:
    """Every member under a spec class, without indices."""
    found: set[str] = set()
    for member in members_of(cls):
        place = f"{at}.{member.wire}"
        found |= {place} | (all_members(member.nested, place) if member.nested else set())
    return found


def without_indices(at: tuple[Step, ...]) -> str:
    return "".join(f".{step}" for step in at if isinstance(step, str))


def leaves_replaced(value: object, replace: Callable[[object], object]) -> Any:
    """The same objects and lists with every plain value replaced."""
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
@pytest.mark.parametrize("name", NAMED)
def test_a_token_in_any_one_place_adds_no_finding(name: str, kind: str) -> None:
    request = NAMED[name]
    before = said_of(name, request)
    added = {
        words_of(at): findings
        for at in places_of(request)
        if (
            findings := [
                finding
                for finding in said_of(name, changed(request, at, TOKENS[kind]))
                if finding not in before
            ]
        )
    }
    assert added == {}


@pytest.mark.parametrize("kind", TOKENS)
@pytest.mark.parametrize("name", NAMED)
def test_tokens_context_of_every_plain_value_have_no_finding(name: str, kind: str) -> None:
    assert said_of(name, leaves_replaced(NAMED[name], lambda _: TOKENS[kind])) == []


@pytest.mark.parametrize("kind", TOKENS)
@pytest.mark.parametrize("name", NAMED)
def test_tokens_context_of_every_member_have_no_finding(name: str, kind: str) -> None:
    assert said_of(name, dict.fromkeys(NAMED[name], TOKENS[kind])) == []


@pytest.mark.parametrize("kind", TOKENS)
def test_variants_of_nothing_but_tokens_have_no_finding(kind: str) -> None:
    members = [member for member in _variant_members() if member.api_only is None]
    variant = {member.wire: TOKENS[kind] for member in members}
    request = {"ProductionVariants": [variant] * 2, "ShadowProductionVariants": [variant]}
    findings = findings_of(request)
    # The one thing that is known of it: a shadow test has one production variant.
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

# A request, the neighbour that would be a fault beside any known value, and the place of the token.
UNJUDGED: dict[str, tuple[str, Request, str]] = {
    "provisioned above a most that is unknown": (
        "serverless",
        {f"{V}.ServerlessConfig.ProvisionedConcurrency": 200},
        f"{V}.ServerlessConfig.MaxConcurrency",
    ),
    "unknown provisioned above the least most": (
        "serverless",
        {f"{V}.ServerlessConfig.MaxConcurrency": 1},
        f"{V}.ServerlessConfig.ProvisionedConcurrency",
    ),
    "least above an unknown most": (
        "components",
        {f"{V}.ManagedInstanceScaling.MinInstanceCount": 99, f"{V}.InitialInstanceCount": 99},
        f"{V}.ManagedInstanceScaling.MaxInstanceCount",
    ),
    "unknown least above the most": (
        "components",
        {f"{V}.ManagedInstanceScaling.MaxInstanceCount": 1},
        f"{V}.ManagedInstanceScaling.MinInstanceCount",
    ),
    "weight beside a model that is unknown": (
        "components",
        {f"{V}.InitialVariantWeight": 1},
        f"{V}.ModelName",
    ),
    "SSM access beside a model that is unknown": (
        "components",
        {f"{V}.EnableSSMAccess": False},
        f"{V}.ModelName",
    ),
    "unknown weight without a model": ("components", {}, f"{V}.InitialVariantWeight"),
    "unknown SSM access without a model": ("components", {}, f"{V}.EnableSSMAccess"),
    "scaling beside an unknown model": ("components", {}, f"{V}.ModelName"),
    "scaling with an unknown status beside a model": (
        "shadow",
        {f"{V}.ManagedInstanceScaling": {}},
        f"{V}.ManagedInstanceScaling.Status",
    ),
    "unknown scaling beside a model": ("shadow", {}, f"{V}.ManagedInstanceScaling"),
    "prefix settings beside an unknown strategy": (
        "instances",
        {},
        f"{V}.RoutingConfig.RoutingStrategy",
    ),
    "unknown settings beside another strategy": (
        "instances",
        {f"{V}.RoutingConfig.RoutingStrategy": "RANDOM"},
        f"{V}.RoutingConfig.PrefixAwareRoutingConfig",
    ),
    "unknown pools beside a type": ("shadow", {}, f"{V}.InstancePools"),
    "pools beside an unknown type": ("pools", {}, f"{V}.InstanceType"),
    "unknown serverless settings beside a type": ("shadow", {}, f"{V}.ServerlessConfig"),
    "serverless beside an unknown type": ("serverless", {}, f"{V}.InstanceType"),
    "serverless beside an unknown count": ("serverless", {}, f"{V}.InitialInstanceCount"),
    "serverless beside unknown pools": ("serverless", {}, f"{V}.InstancePools"),
    "serverless beside an unknown VPC": ("serverless", {}, "VpcConfig"),
    "serverless beside unknown isolation": ("serverless", {}, "EnableNetworkIsolation"),
    "serverless beside unknown capture": ("serverless", {}, "DataCaptureConfig"),
    "serverless beside capture that may be off": (
        "serverless",
        {},
        "DataCaptureConfig.EnableCapture",
    ),
    "serverless beside unknown async": ("serverless", {}, "AsyncInferenceConfig"),
    "serverless beside unknown shadows": ("serverless", {}, "ShadowProductionVariants"),
    "async beside unknown shadows": ("pools", {}, "ShadowProductionVariants"),
    "Inf1 beside unknown async": (
        "shadow",
        {"ShadowProductionVariants": TEXT, f"{V}.InstanceType": "ml.inf1.xlarge"},
        "AsyncInferenceConfig",
    ),
    "Inf1 beside unknown shadows": (
        "shadow",
        {f"{V}.InstanceType": "ml.inf1.xlarge"},
        "ShadowProductionVariants",
    ),
    "shadow beside unknown async": ("shadow", {}, "AsyncInferenceConfig"),
    "async that may be serverless": (
        "shadow",
        {"ShadowProductionVariants": TEXT, "AsyncInferenceConfig": ASYNC, "VpcConfig": VPC},
        f"{V}.ServerlessConfig",
    ),
    "no role beside an unknown model": (
        "components",
        {f"{V}.ManagedInstanceScaling": {"Status": "DISABLED"}, "ExecutionRoleArn": TEXT},
        f"{V}.InstanceType",
    ),
    "key beside an unknown type": ("components", {"KmsKeyId": "alias/a"}, f"{V}.InstanceType"),
    "unknown key beside local storage": ("components", {}, "KmsKeyId"),
    "volume beside an unknown type": (
        "components",
        {f"{V}.VolumeSizeInGB": 1},
        f"{V}.InstanceType",
    ),
    "unknown volume beside local storage": ("components", {}, f"{V}.VolumeSizeInGB"),
    "type with a token for its size": (
        "components",
        {f"{V}.VolumeSizeInGB": 1, "KmsKeyId": "alias/a"},
        f"{V}.InstanceType",
    ),
    "unknown baseline beside its URI": ("explained-lines", {}, f"{SHAP}.ShapBaseline"),
    "baseline beside an unknown URI": ("explained", {}, f"{SHAP}.ShapBaselineUri"),
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
    "a second variant that is unknown beside serverless": (
        "serverless",
        {},
        "ProductionVariants[1]",
    ),
    "a second variant that is unknown beside a shadow": ("shadow", {}, "ProductionVariants[1]"),
    "a second shadow that is unknown": ("shadow", {}, "ShadowProductionVariants[1]"),
    "a second variant that is unknown beside async": ("asynchronous", {}, "ProductionVariants[1]"),
    "an unknown explainer beside async": ("asynchronous", {}, "ExplainerConfig"),
    "an unknown path of the answers": (
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
    "the input beside an unknown side": ("instances", {}, f"{CAPTURE}.CaptureOptions[1]"),
    "the input beside an unknown mode": (
        "instances",
        {},
        f"{CAPTURE}.CaptureOptions[1].CaptureMode",
    ),
    "nothing sampled while the capture may be off": (
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
    "an unknown index beside an attribute": (
        "explained-lines",
        {},
        f"{INFERENCE}.ProbabilityIndex",
    ),
    "label headers beside an unknown index": ("explained-headers", {}, f"{INFERENCE}.LabelIndex"),
    "a label in an unknown column": ("explained", {}, f"{INFERENCE}.LabelIndex"),
    "an explainer that is unknown": ("explained", {"ExplainerConfig": {}}, "ExplainerConfig"),
    "an explainer beside an unknown model": ("explained", {}, f"{V}.ModelName"),
    "an explainer beside an unknown variant": ("explained", {}, "ProductionVariants[1]"),
    "serverless beside an unknown explainer": ("serverless", {}, "ExplainerConfig"),
    "serverless beside an unknown volume": ("serverless", {}, f"{V}.VolumeSizeInGB"),
    "serverless beside unknown routing": ("serverless", {}, f"{V}.RoutingConfig"),
    "serverless beside an unknown image": ("serverless", {}, f"{V}.InferenceAmiVersion"),
    "no weight beside an unknown one": (
        "instances",
        {},
        "ProductionVariants[1].InitialVariantWeight",
    ),
    "no weight beside an unknown variant": (
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
    "a shadow of more instances, beside an unknown weight": (
        "shadow",
        {
            "ShadowProductionVariants[0].InitialInstanceCount": 2,
            "ShadowProductionVariants[0].InstanceType": "ml.m5.xlarge",
        },
        f"{V}.InitialVariantWeight",
    ),
    "an unknown number of instances": ("shadow", {}, f"{V}.InitialInstanceCount"),
    "prefixes on an unknown number of instances": ("instances", {}, f"{V}.InitialInstanceCount"),
    "prefixes on one instance that may be scaled": (
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
    "one pool beside an unknown one": (
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
    "no key beside an unknown one": (
        "shadow",
        {},
        "KmsKeyId",
    ),
    "an unknown key beside others": ("instances", {}, "KmsKeyId"),
    "a volume on an unknown pool": ("pools-routed", {}, f"{V}.InstancePools[1].InstanceType"),
    "components beside an unknown model": ("instances", {}, "ProductionVariants[1].ModelName"),
    "a VPC beside an unknown model": ("shadow", {"VpcConfig": VPC}, f"{V}.ModelName"),
    "begun outside unknown bounds": (
        "components",
        {f"{V}.InitialInstanceCount": 2, f"{MIS}.MinInstanceCount": 1},
        f"{MIS}.MaxInstanceCount",
    ),
    "scaling with an unknown bound": ("components", {}, f"{MIS}.MaxInstanceCount"),
    "begun outside bounds that may not hold": (
        "components",
        {f"{V}.InitialInstanceCount": 9},
        f"{MIS}.Status",
    ),
    "steps of an unknown strategy": ("components", {}, f"{MIS}.ScaleInPolicy.Strategy"),
    "an interval beside unknown metrics": (
        "instances",
        {},
        "MetricsConfig.EnableEnhancedMetrics",
    ),
    "unknown observability": ("instances", {}, "MetricsConfig.EnableDetailedObservability"),
    "unknown access": ("shadow", {}, f"{V}.EnableSSMAccess"),
    "a shadow that is unknown beside async": (
        "pools",
        {"ShadowProductionVariants": []},
        "ShadowProductionVariants[0]",
    ),
}


@pytest.mark.parametrize("kind", TOKENS)
@pytest.mark.parametrize("case", UNJUDGED)
def test_a_known_neighbour_is_not_judged_by_a_token(case: str, kind: str) -> None:
    name, neighbours, at = UNJUDGED[case]
    request: Request = FULL_REQUESTS[name]
    for place, value in neighbours.items():
        request = changed(request, place, value)
    assert findings_of(changed(request, steps_of(at), TOKENS[kind])) == []


def test_what_is_known_is_judged_next_to_a_token() -> None:
    request = changed(FULL_REQUESTS["instances"], f"{V}.InitialInstanceCount", 0)
    request = changed(request, f"{V}.InstanceType", TEXT)
    assert [finding.rule_id for finding in findings_of(request)] == ["value-out-of-range"]


@pytest.mark.parametrize("at", ["KmsKeyId", "ExecutionRoleArn"])
def test_a_token_counts_as_given(at: str) -> None:
    request = changed(FULL_REQUESTS["components"], at, TEXT)
    assert findings_of(request) == []
