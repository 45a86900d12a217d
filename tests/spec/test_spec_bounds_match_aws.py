"""Every declared member against both published models, with each difference and its reason.

The API's model is the one that botocore installs, CloudFormation's schema the one inside cfn-lint.
A new version of either that says something else fails here.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest
from kit.published import KINDS, Facts, declared, in_api, in_cfn

from cdk_epc.instances import HOSTING_TYPES
from cdk_epc.spec import (
    CapacityReservationPreference,
    EndpointConfigSpec,
    FeatureType,
    Spec,
    TextGranularity,
    TextLanguage,
    patterns,
)
from cdk_epc.spec.member import members_of


def differences(ours: dict[str, Facts], theirs: dict[str, Facts]) -> Iterator[tuple[Any, ...]]:
    """Place, fact, what we say, what they say; a member that one side lacks is one difference."""
    for place in sorted(ours.keys() | theirs.keys()):
        if place not in ours or place not in theirs:
            yield place, "present", place in ours, place in theirs
            continue
        for fact in sorted(ours[place].keys() | theirs[place].keys()):
            we, they = ours[place].get(fact), theirs[place].get(fact)
            if we != they:
                yield place, fact, we, they


Difference: TypeAlias = tuple[str, str, Any, Any]

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
TAG_TEXT = "Python's re has no \\p{..}; see the test over all code points"
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
]
TAG_PATTERN = r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"
TYPES_AS_IN_CATALOGUE: list[Difference] = [
    difference
    for place in INSTANCE_TYPES
    for difference in (
        (place, "enum", None, set(HOSTING_TYPES)),
        # Ours alone, and far from the longest type: a bound on what the rules look at.
        (place, "max_length", 63, None),
    )
]
TAG_DIFFERENCES: list[Difference] = [
    (place, "pattern", patterns.TAG_TEXT, TAG_PATTERN) for place in ("Tags[].Key", "Tags[].Value")
]

FROM_API: dict[str, list[Difference]] = {
    "CloudFormation lacks it, so the class has it in API_ONLY": [
        (place, "present", False, True)
        for place in (
            "CrossRegionTrafficConfig",
            "CrossRegionTrafficConfig.MaxCrossRegionPercentPerEndpoint",
            "CrossRegionTrafficConfig.MaxInvocationsPerSecondPerInstance",
            LAYOUTS,
            f"{LAYOUTS}[]",
            f"{LAYOUTS}[].AcceleratorPartitionTypes",
            f"{LAYOUTS}[].AcceleratorPartitionTypes[]",
            f"{VARIANT}.AcceleratorType",
        )
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
    TAG_TEXT: TAG_DIFFERENCES,
}


FROM_CFN: dict[str, list[Difference]] = {
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
    TAG_TEXT: TAG_DIFFERENCES,
}


def unanchored(facts: dict[str, Facts]) -> dict[str, Facts]:
    """The same without the anchors around a whole pattern, which the rules match whole anyway."""
    return {
        place: {
            fact: value[1:-1] if fact == "pattern" and _is_anchored(value) else value
            for fact, value in each.items()
        }
        for place, each in facts.items()
    }


def _is_anchored(pattern: str | None) -> bool:
    return bool(pattern and pattern.startswith("^") and pattern.endswith("$"))


def comparable(differences: list[Difference]) -> list[tuple[str, ...]]:
    """Sorted, with sets and word lists in one order, so that a mismatch reads well."""
    return sorted(tuple(map(_text, difference)) for difference in differences)


def _text(value: object) -> str:
    if isinstance(value, set):
        return " ".join(sorted(map(str, value)))
    return str(value)


def listed(table: dict[str, list[Difference]]) -> list[Difference]:
    return [difference for differences in table.values() for difference in differences]


def without_shadow(facts: dict[str, Facts]) -> dict[str, Facts]:
    return {place: each for place, each in facts.items() if not place.startswith("Shadow")}


@pytest.mark.parametrize("source", [declared, in_api, in_cfn])
def test_a_shadow_variant_is_like_a_production_variant(
    source: Callable[[], dict[str, Facts]],
) -> None:
    facts = source()
    shadow = {p.removeprefix("Shadow"): f for p, f in facts.items() if p.startswith("Shadow")}
    production = {p: f for p, f in facts.items() if p.startswith("ProductionVariants")}
    assert shadow.pop("ProductionVariants") == {**production.pop("ProductionVariants")} | {
        "required": False
    }
    assert shadow == production


def test_differences_from_the_api_are_the_listed_ones() -> None:
    found = differences(without_shadow(declared()), without_shadow(in_api()))
    assert comparable(list(found)) == comparable(listed(FROM_API))


def test_differences_from_cloudformation_are_the_listed_ones() -> None:
    found = differences(without_shadow(declared()), unanchored(without_shadow(in_cfn())))
    assert comparable(list(found)) == comparable(listed(FROM_CFN))


def test_most_patterns_are_equal_once_the_anchors_are_gone() -> None:
    anchored = [p for p, facts in in_cfn().items() if _is_anchored(facts.get("pattern"))]
    assert "VpcConfig.Subnets[]" in anchored


@pytest.mark.parametrize("place", sorted(NEEDS_ONE_IN_API))
def test_the_pattern_of_what_cannot_be_empty_refuses_the_empty_text(place: str) -> None:
    pattern = in_api()[place]["pattern"]
    assert re.fullmatch(pattern, "", re.ASCII) is None


def test_members_of_the_api_alone_are_known_as_such() -> None:
    tops = {
        place.rpartition(".")[2]
        for place, fact, _, _ in differences(without_shadow(declared()), without_shadow(in_api()))
        if fact == "present" and not place.startswith((f"{LAYOUTS}[", "CrossRegionTrafficConfig."))
    }
    assert tops == set(_api_only(EndpointConfigSpec))
    assert tops.isdisjoint(place.rpartition(".")[2] for place in in_cfn())


def _api_only(cls: type[Spec]) -> Iterator[str]:
    yield from cls.API_ONLY
    for member in members_of(cls):
        if member.part is not None:
            yield from _api_only(member.part)


def test_python_types_are_those_of_the_models() -> None:
    kinds = {facts["kind"] for facts in declared().values()}
    assert kinds == {*KINDS.values(), "list", "object"}


def test_tag_text_is_letters_separators_and_numbers_of_every_script() -> None:
    pattern = re.compile(patterns.TAG_TEXT, re.ASCII)
    wrong = [
        f"U+{code:04X} {unicodedata.category(character)}"
        for code in range(sys.maxunicode + 1)
        if bool(pattern.fullmatch(character := chr(code)))
        != (unicodedata.category(character)[0] in "LZN" or character in "_.:/=+-@")
    ]
    assert wrong == []


def test_a_growing_list_has_what_is_published_so_far() -> None:
    (ami,) = (m for m in members_of(_variant()) if m.name == "inference_ami_version")
    assert ami.bounds is not None
    assert ami.bounds.open_choices
    place = f"{VARIANT}.InferenceAmiVersion"
    assert set(ami.bounds.choices) == in_api()[place]["enum"] == in_cfn()[place]["enum"]


def _variant() -> type[Spec]:
    (variants,) = (m for m in members_of(EndpointConfigSpec) if m.name == "production_variants")
    assert variants.part is not None
    return variants.part


def test_only_the_machine_image_has_open_choices() -> None:
    assert list(_open_choices(EndpointConfigSpec)) == ["InferenceAmiVersion"] * 2


def _open_choices(cls: type[Spec]) -> Iterator[str]:
    for member in members_of(cls):
        if member.bounds and member.bounds.open_choices:
            yield member.wire
        if member.part is not None:
            yield from _open_choices(member.part)
