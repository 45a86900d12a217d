"""Generated requests, checked by this library and by two validators of other projects.

This library refuses all requests that botocore's model or CloudFormation's schema refuses, and its
rules of single values accept all requests that both accept. The table lists the exceptions with
their reasons; an exception that is new, and one that no longer occurs, fails the test.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import pytest
from kit.mutations import Mutation, mutations_of, pairs_of
from kit.published_models import in_api, in_cfn
from kit.requests import FULL_REQUESTS, Request, load
from kit.validators import NAMED, matches, refused_by_api, refused_by_cfn

from cdk_epc.requests import check_request
from cdk_epc.rules import Finding, Severity
from cdk_epc.templates import check_template

pytestmark = pytest.mark.pin_only

PAIRS, SEED = 8_000, 1
MINIMUM = 10_000
"""Minimum number of generated requests, with one fault or two."""

API, CFN, BOTH = "botocore", "cfn-lint", "both"
PASSED, REFUSED = "refuse, and we do not", "accept, and we do not"

Class: TypeAlias = tuple[str, str, str, str]
"""Validator, form of the difference, place, and kind of fault."""

VARIANT = "ProductionVariants[]"
AMI = f"{VARIANT}.InferenceAmiVersion"
CHANGES_OF_WORDS = (
    "a bang after it",
    "a blank before it",
    "a line end after it",
    "a word to come",
    "an accent after it",
    "in capitals",
    "no text",
)

EXPLANATIONS = "ExplainerConfig.ClarifyExplainerConfig.EnableExplanations"


def texts_that_may_be(text: str) -> set[str]:
    """The members that both models hold for a text, and take this one."""
    return {AMI} | {
        place
        for place, facts in in_api().items()
        if place in in_cfn() and facts["kind"] == "string" and not facts["enum"]
        if not place.startswith("Shadow") and matches(facts["pattern"] or r"[\s\S]*", text)
        if (facts["min_length"] or 0) <= len(text)
    }


def numbers() -> set[str]:
    """The members that CloudFormation's schema holds for a number."""
    kinds = {place: facts["kind"] for place, facts in in_cfn().items()}
    return {
        place
        for place, kind in kinds.items()
        if kind in {"integer", "number"} and not place.startswith("Shadow")
    }


def unknown_members(oracle: str) -> set[str]:
    """The member of the mutations that no model has, in each object of a model."""
    places = in_api() if oracle == API else in_cfn()
    owners = {place.rpartition(".")[0] for place in places if not place.startswith("Shadow")}
    return {f"{owner}.Colour".lstrip(".") for owner in owners}


GROWING = {
    "DataCaptureConfig.CaptureOptions[].CaptureMode",
    "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig.FeatureTypes[]",
    "ExplainerConfig.ClarifyExplainerConfig.ShapConfig.TextConfig.Granularity",
    "ExplainerConfig.ClarifyExplainerConfig.ShapConfig.TextConfig.Language",
    f"{VARIANT}.CapacityReservationConfig.CapacityReservationPreference",
    f"{VARIANT}.ManagedInstanceScaling.ScaleInPolicy.Strategy",
    f"{VARIANT}.RoutingConfig.RoutingStrategy",
}
"""Members to whose words AWS may add others; a misspelt word, no text and a number are errors."""
GROWING_TO_A_LENGTH = {
    f"{VARIANT}.ManagedInstanceScaling.ScaleInPolicy.Strategy",
    f"{VARIANT}.RoutingConfig.RoutingStrategy",
}
"""Of these, the members whose words have a published length as well."""


DISAGREEMENTS: dict[str, set[Class]] = {
    "AWS adds machine images all the time: one that is not published yet is a warning": {
        (oracle, PASSED, AMI, kind) for oracle in (API, CFN) for kind in CHANGES_OF_WORDS
    },
    "AWS adds instance types all the time: one that is not published yet is a warning": {
        (oracle, PASSED, place, "a word to come")
        for oracle in (API, CFN)
        for place in (f"{VARIANT}.InstanceType", f"{VARIANT}.InstancePools[].InstanceType")
    },
    "AWS adds words to lists: one that is not published yet is a warning": {
        (oracle, PASSED, place, kind)
        for oracle in (API, CFN)
        for place in GROWING_TO_A_LENGTH
        for kind in ("as long as may be", "too long")
    }
    | {(CFN, PASSED, place, "a boolean") for place in GROWING},
    "AWS adds members: one that is not published yet is a warning": {
        (oracle, PASSED, place, "an unknown member")
        for oracle in (API, CFN)
        for place in unknown_members(oracle)
    },
    "the API has KV_AWARE and the schema not yet: it is a warning": {
        (CFN, PASSED, f"{VARIANT}.RoutingConfig.RoutingStrategy", "a published word")
    },
    "CloudFormation converts plain values: a number as text is that number": {
        (CFN, PASSED, place, "a number as text") for place in numbers()
    },
    "CloudFormation converts plain values: another one, where a text stands, is its text": {
        (CFN, PASSED, place, kind)
        for kind, text in (("a boolean", "true"), ("a whole number", "7"), ("a fraction", "7.5"))
        # A number is no JMESPath expression, which no oracle asks for.
        for place in texts_that_may_be(text) - (set() if text == "true" else {EXPLANATIONS})
    },
}
LISTED = frozenset().union(*DISAGREEMENTS.values())

BY_SCHEMA = ("value-", "list-", "member-")
"""How the ids of the rules begin that hold one value against what is published of it."""

FULL: dict[str, Request] = {
    **FULL_REQUESTS,
    "named": {"EndpointConfigName": "shop", **FULL_REQUESTS["shadow"]},
}
API_ALONE: Request = {
    "EndpointConfigName": "shop",
    "ProductionVariants": [
        {
            "VariantName": "all",
            "ModelName": "model",
            "InstanceType": "ml.p4d.24xlarge",
            "InitialInstanceCount": 1,
            "AcceleratorPartitionLayouts": [{"AcceleratorPartitionTypes": ["mig-1g.5gb"]}],
        }
    ],
    "CrossRegionTrafficConfig": {
        "MaxCrossRegionPercentPerEndpoint": 50,
        "MaxInvocationsPerSecondPerInstance": 5,
    },
}
"""What CloudFormation lacks; it and this library refuse it in every template."""

BASES: list[Request] = [
    *FULL.values(),
    API_ALONE,
    *(each["request"] for each in load("accepted_requests.json")),
]


def disagreements(request: Request, counted: Counter[str]) -> Iterator[tuple[str, str]]:
    """Who disagrees with us on a request, and in which way."""
    named: dict[str, Any] = {**NAMED, **request}
    ours, in_template = errors(check_request(named)), errors(check_template(as_template(request)))
    by_api, by_cfn = refused_by_api(request), refused_by_cfn(request)
    counted.update(
        {
            "requests": 1,
            "refused by botocore": bool(by_api),
            "refused by cfn-lint": bool(by_cfn),
            "refused by us": bool(ours),
            "refused by us in a template": bool(in_template),
        }
    )
    if by_api and not ours:
        yield API, PASSED
    if by_cfn and not in_template:
        yield CFN, PASSED
    if not by_api and not by_cfn and any(rule.startswith(BY_SCHEMA) for rule in ours | in_template):
        yield BOTH, REFUSED


def errors(findings: Iterable[Finding]) -> set[str]:
    """Ids of the rules whose findings are errors."""
    return {each.rule_id for each in findings if each.severity is Severity.ERROR}


def as_template(request: Request) -> dict[str, Any]:
    resource = {"Type": "AWS::SageMaker::EndpointConfig", "Properties": request}
    return {"Resources": {"Config": resource}}


def classes(mutations: Iterable[Mutation], who: str, way: str) -> set[Class]:
    return {(who, way, mutation.place, mutation.kind) for mutation in mutations}


def singles() -> Iterator[tuple[Request, Mutation]]:
    for base in (*FULL.values(), API_ALONE):
        for mutation in mutations_of(base):
            yield base, mutation


def show(counted: Counter[str]) -> None:
    sys.stdout.write(f"\n{', '.join(f'{count:,} {what}' for what, count in counted.items())}\n")


@pytest.mark.parametrize("name", FULL)
def test_everybody_accepts_the_requests_that_are_spoilt(name: str) -> None:
    assert list(disagreements(FULL[name], counted := Counter())) == []
    assert counted == {
        "requests": 1,
        "refused by botocore": 0,
        "refused by cfn-lint": 0,
        "refused by us": 0,
        "refused by us in a template": 0,
    }


def test_requests_of_the_api_alone_are_accepted_by_the_api() -> None:
    assert refused_by_api(API_ALONE) == []
    assert errors(check_request(API_ALONE)) == set()
    assert refused_by_cfn(API_ALONE)
    assert errors(check_template(as_template(API_ALONE))) == {"member-not-in-cloudformation"}


def test_every_member_of_the_api_is_spoilt() -> None:
    spoilt = {mutation.place for _, mutation in singles()}
    removed = f"{VARIANT}.AcceleratorType"
    assert {p for p in in_api() if not p.startswith("Shadow")} - spoilt == {removed}


def test_one_mutation_has_the_same_result_except_for_the_table() -> None:
    found: set[Class] = set()
    counted: Counter[str] = Counter()
    for base, mutation in singles():
        for who, way in disagreements(mutation.apply(base), counted):
            found |= classes([mutation], who, way)
    show(counted)
    assert found == LISTED
    assert counted["requests"] + PAIRS >= MINIMUM
    assert min(counted.values()) > counted["requests"] / 2


def test_two_mutations_have_the_same_result_except_for_the_table() -> None:
    unexplained: set[frozenset[Class]] = set()
    counted: Counter[str] = Counter()
    for index, (one, two) in pairs_of(BASES, PAIRS, SEED):
        request = two.apply(one.apply(BASES[index]))
        for who, way in disagreements(request, counted):
            found = classes([one, two], who, way)
            if found.isdisjoint(LISTED):
                unexplained.add(frozenset(found))
    show(counted)
    assert unexplained == set()
    assert min(counted.values()) > counted["requests"] / 2
