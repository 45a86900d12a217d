"""An item before a violation in a list hides nothing: a good item, a bad one, or a token."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import attrs
from kit.bad_requests import EXAMPLES, ROWS, BadRequest, Json
from kit.requests import API_REQUESTS, Step, changed, path_text, steps_of, without
from kit.subjects import FULL_SUBJECTS, bad_rows, bad_subject, config_context

from cdk_epc.requests import check_request
from cdk_epc.rules import Finding, check

VARIANTS = {"ProductionVariants", "ShadowProductionVariants"}
TOKEN = "${Token[TOKEN.7]}"  # noqa: S105 - CDK's own way of writing one
LAYOUT = {"AcceleratorPartitionTypes": ["mig-1g.5gb"]}

OF_THE_WHOLE_LIST = {
    ("training-plans-several", "ProductionVariants"): "the first plan is the reference",
    ("variant-weights-zero", "ProductionVariants"): "the first variant has the finding",
    ("shadow-capacity-mismatch", "ProductionVariants"): "the rule is about one variant of each",
    ("shadow-capacity-mismatch", "ShadowProductionVariants"): "the rule is about one of each",
    ("pool-platforms-mixed", "InstancePools"): "the first pool is the reference",
    ("partition-does-not-fit", "AcceleratorPartitionLayouts"): "several layouts are the finding",
    ("pool-single", "InstancePools"): "the number of items is the finding",
}
"""Rules that compare the items of a list, each with the reason."""

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
"""Variants of every kind that some rule skips."""


def lists_on_the_way(
    value: Any, at: tuple[Step, ...]
) -> Iterator[tuple[tuple[Step, ...], list[Any]]]:
    """Yield the path and the value of each list on a path."""
    for number, step in enumerate(at):
        if isinstance(value, list) and step < len(value):
            yield at[:number], value
            value = value[step]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return


def moved(path: str, at: tuple[Step, ...]) -> str:
    """Return a path after an item was inserted before the list."""
    steps = list(steps_of(path))
    steps[len(at)] += 1  # type: ignore[operator]  # an index
    return path_text(tuple(steps))


def moved_json(finding: Json, at: tuple[Step, ...]) -> Json:
    path = moved(finding["path"], at)
    return finding | {"path": path, "message": finding["message"].replace(finding["path"], path)}


def moved_finding(finding: Finding, at: tuple[Step, ...]) -> Finding:
    path = moved(finding.path, at)
    return attrs.evolve(finding, path=path, message=finding.message.replace(finding.path, path))


def fronts_of(at: tuple[Step, ...], items: list[Any]) -> dict[str, Any]:
    """Return the items to insert: those of a table, and each item of the list."""
    table = FRONTS if at[-1] in VARIANTS else POOLS if at[-1] == "InstancePools" else ANYWHERE
    return {**table, **{f"another {index}": item for index, item in enumerate(items)}}


def hidden(row: BadRequest) -> Iterator[tuple[str, str, str]]:
    """Yield the rule, the list and the inserted item for each finding that is missing."""
    for finding in row.findings:
        steps = steps_of(finding["path"])
        for at, items in lists_on_the_way(row.bad, steps):
            if (finding["rule_id"], at[-1]) in OF_THE_WHOLE_LIST:
                continue
            in_good = dict(lists_on_the_way(row.good, steps)).get(at, [])
            for name, front in fronts_of(at, [*items, *in_good]).items():
                found = row.findings_now(changed(row.bad, at, [front, *items]))
                if moved_json(finding, at) not in found:
                    yield finding["rule_id"], path_text(at), name


def test_no_item_before_hides_a_finding() -> None:
    found = {row.id: list(hidden(row)) for row in (*ROWS, *EXAMPLES)}
    assert {row_id: each for row_id, each in found.items() if each} == {}


def test_a_layout_after_an_unresolved_one_is_checked() -> None:
    at = "ProductionVariants[0].AcceleratorPartitionLayouts"
    layouts = [TOKEN, {"AcceleratorPartitionTypes": ["mig-9g.1gb"]}]
    found = check_request(changed(API_REQUESTS["partitions"], at, layouts))
    assert [(each.rule_id, each.path) for each in found] == [
        ("partition-does-not-fit", f"{at}[1].AcceleratorPartitionTypes[0]")
    ]


IN_PLACE = [row for row in bad_rows("config_in_place") if "ProductionVariants" in str(row["at"])]
PLACES = ("models", "roles", "scaled")
"""Members of a configuration's context that are keyed by a path."""


def with_variant_in_front(row: dict[str, Any], front: Any) -> dict[str, Any]:
    """Return the context of a row with a variant before its production variants."""
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
    """Return the path of the next variant."""
    return f"{match[1]}[{int(match[2]) + 1}]"


def test_no_variant_before_hides_a_finding_of_a_context() -> None:
    at = ("ProductionVariants",)
    missing = []
    for row in IN_PLACE:
        wanted = [
            moved_finding(each, at) if each.path.startswith(at) else each
            for each in check(bad_subject(row))
        ]
        for name, front in FRONTS.items():
            found = check(config_context(with_variant_in_front(row, front)))
            missing += [(row["id"], name, each.rule_id) for each in wanted if each not in found]
    assert missing == []
