"""What stands in front of a fault in a list hides nothing: a good item, a bad one, or a token."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from kit.specs import (
    API_REQUESTS,
    FULL_REQUESTS,
    Request,
    Step,
    changed,
    findings_of,
    load,
    steps_of,
    without,
    words_of,
)
from kit.subjects import FULL_SUBJECTS, bad_rows, config_context, expected

from cdk_epc.requests import check_request
from cdk_epc.rules import Finding, check

GOOD = {**FULL_REQUESTS, **API_REQUESTS}
BAD: list[dict[str, Any]] = [
    *load("bad_requests.json"),
    *load("bad_requests_warnings.json"),
    *load("bad_api_requests.json"),
]
VARIANTS = {"ProductionVariants", "ShadowProductionVariants"}
TOKEN = "${Token[TOKEN.7]}"  # noqa: S105 - CDK's own way of writing one
LAYOUT = {"AcceleratorPartitionTypes": ["mig-1g.5gb"]}

OF_THE_WHOLE_LIST = {
    ("training-plans-several", "ProductionVariants"): "the others are held against the first",
    ("capture-input-and-output", "CaptureOptions"): "both words together are fine in two items",
    ("variant-weights-zero", "ProductionVariants"): "it is told of the first variant",
    ("shadow-capacity-mismatch", "ProductionVariants"): "it is about one of each",
    ("shadow-capacity-mismatch", "ShadowProductionVariants"): "it is about one of each",
    ("pool-platforms-mixed", "InstancePools"): "the others are held against the first",
    ("partition-does-not-fit", "AcceleratorPartitionLayouts"): "of several, only that is told",
}
"""The rules and lists of which the items count together, each with the reason."""

ANYWHERE: dict[str, Any] = {"token": TOKEN, "no object": 7, "empty": {}}
POOLS: dict[str, Any] = {
    **ANYWHERE,
    "a new type": {"InstanceType": "ml.new.large", "Priority": 9},
    "everything is a token": {"InstanceType": TOKEN, "Priority": TOKEN, "ModelNameOverride": TOKEN},
}
FRONTS: dict[str, Any] = {
    **ANYWHERE,
    "with a model": {
        "VariantName": "front",
        "ModelName": "model-z",
        "InstanceType": "ml.m5.xlarge",
        "InitialInstanceCount": 1,
    },
    "serverless": {
        "VariantName": "front",
        "ModelName": "model-z",
        "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1},
    },
    "serverless of an unknown size": {
        "VariantName": "front",
        "ModelName": "model-z",
        "ServerlessConfig": {"MemorySizeInMB": TOKEN, "MaxConcurrency": TOKEN},
    },
    "scaling is off": {
        "VariantName": "front",
        "InstanceType": "ml.p4d.24xlarge",
        "InitialInstanceCount": 1,
        "ManagedInstanceScaling": {
            "Status": "DISABLED",
            "ScaleInPolicy": {"Strategy": "IDLE_RELEASE"},
        },
    },
    "nothing lies between": {
        "VariantName": "front",
        "InstanceType": "ml.p4d.24xlarge",
        "InitialInstanceCount": 2,
        "ManagedInstanceScaling": {
            "Status": "ENABLED",
            "MinInstanceCount": 3,
            "MaxInstanceCount": 1,
            "ScaleInPolicy": {"Strategy": "IDLE_RELEASE"},
        },
    },
    "everything is a token": {
        "VariantName": TOKEN,
        "ModelName": TOKEN,
        "InstanceType": TOKEN,
        "InitialInstanceCount": TOKEN,
        "VolumeSizeInGB": TOKEN,
        "CapacityReservationConfig": {"CapacityReservationPreference": TOKEN},
        "RoutingConfig": {"RoutingStrategy": TOKEN},
        "InstancePools": TOKEN,
    },
    "a plan without a type": {
        "VariantName": "front",
        "CapacityReservationConfig": {
            "CapacityReservationPreference": "capacity-reservations-only",
            "MlReservationArn": "arn:aws:sagemaker:us-east-1:111122223333:training-plan/one",
        },
    },
    "pools with a model": {
        "VariantName": "front",
        "ModelName": "model-z",
        "InstancePools": [{"InstanceType": "ml.c7i.xlarge", "Priority": 1}],
    },
    "two layouts": {
        "VariantName": "front",
        "InstanceType": "ml.p4d.24xlarge",
        "AcceleratorPartitionLayouts": [LAYOUT, LAYOUT],
    },
}
"""Variants of every kind that some rule passes over."""


def bad_request(row: dict[str, Any]) -> Request:
    good = GOOD[row["good"]]
    return without(good, row["at"]) if "take_out" in row else changed(good, row["at"], row["give"])


def lists_on_the_way(
    value: Any, at: tuple[Step, ...]
) -> Iterator[tuple[tuple[Step, ...], list[Any]]]:
    """The lists in a request that the steps go through, each with its place."""
    for number, step in enumerate(at):
        if isinstance(value, list) and step < len(value):
            yield at[:number], value
            value = value[step]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return


def moved(finding: Finding, at: tuple[Step, ...]) -> Finding:
    """The finding where one item was put in front of the list."""
    steps = list(steps_of(finding.path))
    steps[len(at)] += 1  # type: ignore[operator]  # an index
    path = words_of(tuple(steps))
    return attrs.evolve(finding, path=path, message=finding.message.replace(finding.path, path))


def fronts_of(at: tuple[Step, ...], items: list[Any]) -> dict[str, Any]:
    """What to put in front: anything of a table for variants and pools, and each of the items."""
    table = FRONTS if at[-1] in VARIANTS else POOLS if at[-1] == "InstancePools" else ANYWHERE
    return {**table, **{f"another {index}": item for index, item in enumerate(items)}}


def hidden(row: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The rule, the list and what was put in front, wherever a finding was not told any more."""
    bad, good = bad_request(row), GOOD[row["good"]]
    for finding in expected(row):
        for at, items in lists_on_the_way(bad, steps_of(finding.path)):
            if (finding.rule_id, at[-1]) in OF_THE_WHOLE_LIST:
                continue
            in_good = dict(lists_on_the_way(good, steps_of(finding.path))).get(at, [])
            for name, front in fronts_of(at, [*items, *in_good]).items():
                found = findings_of(changed(bad, at, [front, *items]), row.get("region"))
                if moved(finding, at) not in found:
                    yield finding.rule_id, words_of(at), name


@pytest.mark.parametrize("row", BAD, ids=[row["id"] for row in BAD])
def test_nothing_in_front_hides_a_finding(row: dict[str, Any]) -> None:
    assert list(hidden(row)) == []


def test_a_layout_behind_an_unknown_one_is_judged_in_its_place() -> None:
    at = "ProductionVariants[0].AcceleratorPartitionLayouts"
    layouts = [TOKEN, {"AcceleratorPartitionTypes": ["mig-9g.1gb"]}]
    found = check_request(changed(API_REQUESTS["partitions"], at, layouts))
    assert [(each.rule_id, each.path) for each in found] == [
        ("partition-does-not-fit", f"{at}[1].AcceleratorPartitionTypes[0]")
    ]


IN_PLACE = [row for row in bad_rows("config_in_place") if "ProductionVariants" in str(row["at"])]
PLACES = ("models", "roles", "scaled")
"""What a configuration in place has by the place in it."""


def with_variant_in_front(row: dict[str, Any], front: Any) -> dict[str, Any]:
    """A row's configuration in place, one variant in front of the production variants."""
    good, at = FULL_SUBJECTS[row["kind"]][row["good"]], tuple(row["at"])
    bad = without(good, at) if "take_out" in row else changed(good, at, row["give"])
    at = ("config", "ProductionVariants")
    bad = changed(bad, at, [front, *bad["config"]["ProductionVariants"]])
    return bad | {
        place: {
            re.sub(r"^(ProductionVariants)\[(\d)\]", next_index, key): each
            for key, each in bad[place].items()
        }
        for place in PLACES
        if place in bad
    }


def next_index(match: re.Match[str]) -> str:
    """The place of a variant, one further on."""
    return f"{match[1]}[{int(match[2]) + 1}]"


@pytest.mark.parametrize("name", FRONTS)
@pytest.mark.parametrize("row", IN_PLACE, ids=[row["id"] for row in IN_PLACE])
def test_no_variant_in_front_hides_a_finding_context(row: dict[str, Any], name: str) -> None:
    found = check(config_context(with_variant_in_front(row, FRONTS[name])))
    at = ("ProductionVariants",)
    wanted = [moved(each, at) if each.path.startswith(at) else each for each in expected(row)]
    assert [each for each in wanted if each not in found] == []
