"""Conversion of requests to specs and back, and to L1 properties."""

from __future__ import annotations

from typing import Any

import pytest
from kit.requests import FULL_REQUESTS, Request, changed, findings_of, load

from cdk_epc.spec import EndpointConfigSpec, ProductionVariant, ServerlessConfig
from cdk_epc.spec.wire import UnknownMember, from_json, is_description, to_json, to_l1

ACCEPTED: dict[str, Request] = {
    each["id"]: each["request"] for each in load("accepted_requests.json")
}
REJECTED: dict[str, Request] = {
    each["id"]: each["request"] for each in load("rejected_requests.json")
}
REQUESTS = FULL_REQUESTS | ACCEPTED | REJECTED
WIDE: Request = {
    **FULL_REQUESTS["instances"],
    "AsyncInferenceConfig": FULL_REQUESTS["asynchronous"]["AsyncInferenceConfig"],
    "ExplainerConfig": FULL_REQUESTS["explained"]["ExplainerConfig"],
    "VpcConfig": FULL_REQUESTS["components"]["VpcConfig"],
}
"""Request with most of the members, which the rules need not accept."""


def test_json_of_a_spec_equals_the_request() -> None:
    for request in REQUESTS.values():
        spec, unknown_members = from_json(request)
        assert to_json(spec) == request
        assert unknown_members == []
        assert from_json(to_json(spec)) == (spec, [])


@pytest.mark.parametrize(
    ("at", "path", "nearest"),
    [
        ("KMSKeyId", ("KMSKeyId",), "KmsKeyId"),
        ("kms_key_id", ("kms_key_id",), "KmsKeyId"),
        ("ProductionVariant", ("ProductionVariant",), "ProductionVariants"),
        ("Zzz", ("Zzz",), None),
        (
            "ProductionVariants[0].VolumeSizeInGb",
            ("production_variants", 0, "VolumeSizeInGb"),
            "VolumeSizeInGB",
        ),
        (
            "ProductionVariants[1].RoutingConfig.Strategy",
            ("production_variants", 1, "routing_config", "Strategy"),
            "RoutingStrategy",
        ),
        ("Tags[0].key", ("tags", 0, "key"), "Key"),
        (
            "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig.MaxPayloadInMb",
            (
                "explainer_config",
                "clarify_explainer_config",
                "inference_config",
                "MaxPayloadInMb",
            ),
            "MaxPayloadInMB",
        ),
    ],
)
def test_an_unknown_member(at: str, path: tuple[Any, ...], nearest: str | None) -> None:
    good = FULL_REQUESTS["explained" if at.startswith("Explainer") else "instances"]
    spec, unknown_members = from_json(changed(good, at, "given"))
    expected = UnknownMember(
        path=path, value="given", nearest=nearest, is_mistake=nearest is not None
    )
    assert unknown_members == [expected]
    assert to_json(spec) == good


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("kms_key_id", "kms_key_id"),
        ("ProductionVariants[0].model_name", "ProductionVariants[0].model_name"),
    ],
)
def test_an_unknown_member_keeps_its_spelling(at: str, shown: str) -> None:
    (finding,) = findings_of(changed(FULL_REQUESTS["instances"], at, "given"))
    assert (finding.rule_id, finding.path) == ("member-unknown", shown)


def test_all_unknown_members_are_returned() -> None:
    _, unknown_members = from_json(
        {"A": 1, "ProductionVariants": [{"B": 2}, {"C": 3}], "Tags": [{"D": 4}]}
    )
    assert [
        (unknown_member.path[-1], unknown_member.value) for unknown_member in unknown_members
    ] == [
        ("A", 1),
        ("B", 2),
        ("C", 3),
        ("D", 4),
    ]


@pytest.mark.parametrize(
    ("at", "value"),
    [
        ("ProductionVariants", {"VariantName": "blue"}),
        ("ProductionVariants", "one"),
        ("ProductionVariants[0]", "one"),
        ("ProductionVariants[0]", []),
        ("ProductionVariants[0].InitialInstanceCount", "1"),
        ("ProductionVariants[0].InitialInstanceCount", {"Ref": "Count"}),
        ("ProductionVariants[0].ServerlessConfig", [{"MemorySizeInMB": 1024}]),
        ("EnableNetworkIsolation", "true"),
        ("VpcConfig", 0),
        ("VpcConfig.Subnets", {"Subnets": [1]}),
        ("VpcConfig.Subnets[0]", ["subnet"]),
        ("Tags", [None, 1, {}]),
    ],
)
def test_a_value_of_the_wrong_type_is_kept(at: str, value: object) -> None:
    request = changed(FULL_REQUESTS["components"], at, value)
    spec, unknown_members = from_json(request)
    assert to_json(spec) == request
    assert unknown_members == []


@pytest.mark.parametrize("value", [0, False, "", [], {}])
@pytest.mark.parametrize("at", ["KmsKeyId", "EnableNetworkIsolation", "Tags", "MetricsConfig"])
def test_false_and_empty_values_are_kept(at: str, value: object) -> None:
    spec, _ = from_json({at: value})
    assert to_json(spec) == {at: value}


def test_tuples_are_lists() -> None:
    spec, unknown_members = from_json(
        {"ProductionVariants": ({"VariantName": "blue"},), "Tags": ()}
    )
    assert to_json(spec) == {"ProductionVariants": [{"VariantName": "blue"}], "Tags": []}
    assert unknown_members == []


def test_an_empty_spec_is_empty_json() -> None:
    assert to_json(EndpointConfigSpec()) == to_l1(EndpointConfigSpec()) == {}


def test_a_request_is_not_changed() -> None:
    request = changed(FULL_REQUESTS["instances"], "Foreign", 1)
    copy = changed(request, "Foreign", 1)
    spec, _ = from_json(request)
    to_json(spec)["ProductionVariants"].clear()
    assert request == copy


def test_a_token_is_kept() -> None:
    token = ["#{Token[TOKEN.3]}"]
    spec: Any
    spec, unknown_members = from_json({"ProductionVariants": token, "Tags": "${Token[TOKEN.4]}"})
    assert (spec.production_variants, spec.tags, unknown_members) == (
        token,
        "${Token[TOKEN.4]}",
        [],
    )


@pytest.mark.parametrize(
    ("name", "at", "names"),
    [
        (
            "instances",
            "ProductionVariants[0]",
            {"volumeSizeInGb", "enableSsmAccess", "coreDumpConfig"},
        ),
        ("instances", "ProductionVariants[0].CoreDumpConfig", {"destinationS3Uri", "kmsKeyId"}),
        ("asynchronous", "AsyncInferenceConfig.OutputConfig", {"s3OutputPath", "s3FailurePath"}),
        ("explained", "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig", {"maxPayloadInMb"}),
        (
            "explained",
            "ExplainerConfig.ClarifyExplainerConfig.ShapConfig",
            {"useLogit", "shapBaselineConfig"},
        ),
        ("instances", "DataCaptureConfig", {"destinationS3Uri", "initialSamplingPercentage"}),
        ("instances", "MetricsConfig", {"metricPublishFrequencyInSeconds"}),
    ],
)
def test_names_of_the_l1(name: str, at: str, names: set[str]) -> None:
    spec, _ = from_json(FULL_REQUESTS[name])
    here: Any = to_l1(spec)
    for word in at.replace("[0]", ".0").split("."):
        here = here[0] if word == "0" else here[word[0].lower() + word[1:]]
    assert names <= here.keys()


def test_names_of_the_l1_of_a_serverless_variant() -> None:
    variant = ProductionVariant(
        variant_name="one",
        serverless_config=ServerlessConfig(memory_size_in_mb=1024, max_concurrency=5),
    )
    assert to_l1(variant) == {
        "variantName": "one",
        "serverlessConfig": {"memorySizeInMb": 1024, "maxConcurrency": 5},
    }


@pytest.mark.parametrize("name", FULL_REQUESTS)
def test_the_l1_properties_have_the_values_of_the_request(name: str) -> None:
    spec, _ = from_json(FULL_REQUESTS[name])
    assert _folded(to_l1(spec)) == _folded(FULL_REQUESTS[name])


def _folded(value: object) -> Any:
    if isinstance(value, dict):
        return {key.lower(): _folded(inner) for key, inner in value.items()}
    return [_folded(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"EndpointConfigArn": "arn", "CreationTime": 1.0}, True),
        ({"EndpointConfigArn": "arn"}, True),
        ({"CreationTime": 1.0}, True),
        (FULL_REQUESTS["instances"], False),
    ],
)
def test_a_description_has_an_arn_or_a_time(
    request_: Request,
    expected: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert is_description(request_) is expected


def test_repr_of_a_spec_has_the_given_members() -> None:
    serverless = ServerlessConfig(memory_size_in_mb=1024, max_concurrency=0)
    assert repr(ProductionVariant(variant_name="only", serverless_config=serverless)) == (
        "ProductionVariant(variant_name='only', "
        "serverless_config=ServerlessConfig(memory_size_in_mb=1024, max_concurrency=0))"
    )
