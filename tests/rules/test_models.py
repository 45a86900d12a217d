"""Each rule of models: a good model, one change, and the whole finding that comes of it."""

from __future__ import annotations

from typing import Any

import pytest
from kit.subjects import FULL_SUBJECTS, bad_rows, bad_subject, expected, model

from cdk_epc.rules import check

BAD = bad_rows("model")
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:1"
ENTRY = 1024
WHOLE = 32 * ENTRY
MARKETPLACE = "arn:aws:sagemaker:eu-west-1:985815980388:model-package/seller-model"


@pytest.mark.parametrize("name", FULL_SUBJECTS["model"])
def test_good_model_has_no_finding(name: str) -> None:
    assert check(model(FULL_SUBJECTS["model"][name])) == []


@pytest.mark.parametrize("row", BAD, ids=[row["id"] for row in BAD])
def test_one_change_to_a_model_gives_exactly_these_findings(row: dict[str, Any]) -> None:
    assert check(bad_subject(row)) == expected(row)


def found(environment: object, *others: object) -> list[tuple[str, str, str]]:
    """Rule, place and what was got, for containers with these environments."""
    containers = [{"Image": IMAGE, "Environment": each} for each in (environment, *others)]
    findings = check(model({"Containers": containers}))
    return [(each.rule_id, each.path, str(each.got)) for each in findings]


PLACE = "Containers[0].Environment"
ENVIRONMENTS: dict[str, tuple[list[object], list[tuple[str, str, str]]]] = {
    "a key and a value of the greatest length": ([{"K" * ENTRY: "v" * ENTRY}], []),
    "a value with a character too many": (
        [{"K": "v" * (ENTRY + 1)}],
        [("value-length-wrong", f"{PLACE}.K", "v" * (ENTRY + 1))],
    ),
    "a value with a byte too many": (
        [{"K": "v" * (ENTRY - 1) + "é"}],
        [("model-environment-too-large", f"{PLACE}.K", f"{ENTRY + 1} bytes")],
    ),
    "half a surrogate counts": (
        [{"K": "\ud800" * 342}],
        [("model-environment-too-large", f"{PLACE}.K", "1026 bytes")],
    ),
    "a key that is too long": (
        [{"K" * (ENTRY + 1): ""}],
        [("value-length-wrong", f"{PLACE}.{'K' * (ENTRY + 1)}", f"the key '{'K' * 78}…")],
    ),
    "as many entries as there may be": ([{f"K{at}": "" for at in range(100)}], []),
    "one entry too many": (
        [{f"K{at}": "" for at in range(101)}],
        [("list-length-wrong", PLACE, "101 entries")],
    ),
    "as many bytes as there may be": (
        [{f"K{at:02}": "v" * 1021 for at in range(16)}] * 2,
        [],
    ),
    "one byte too many": (
        [{f"K{at:02}": "v" * 1021 for at in range(32)}, {"K": ""}],
        [("model-environment-too-large", PLACE, f"{WHOLE + 1} bytes")],
    ),
    "JSON as a text": (['{"K": "v"}'], []),
    "an entry that is unknown": ([{"K": "${Token[TOKEN.1]}"}], []),
}


@pytest.mark.parametrize("case", ENVIRONMENTS)
def test_the_size_of_environments(case: str) -> None:
    environments, findings = ENVIRONMENTS[case]
    assert found(*environments) == findings


def test_too_large_an_environment_says_what_to_do() -> None:
    one = check(model({"PrimaryContainer": {"Image": IMAGE, "Environment": {"K": "é" * 513}}}))
    entries = {f"K{at:02}": "v" * 1021 for at in range(33)}
    whole = check(model({"PrimaryContainer": {"Image": IMAGE, "Environment": entries}}))
    more = {f"K{at}": "" for at in range(101)}
    many = check(model({"PrimaryContainer": {"Image": IMAGE, "Environment": more}}))
    assert [(each.allowed, each.fix) for each in (*one, *whole, *many)] == [
        (
            "at most 1024 bytes",
            "Shorten it, or let the container read what is long from S3.",
        ),
        (
            "at most 32768 bytes",
            (
                "Shorten the environments of the containers, which count together, or let the "
                "container read what is long from S3."
            ),
        ),
        ("at most 100 entries", "Take some out."),
    ]


@pytest.mark.parametrize(
    ("package", "refused"),
    [
        (MARKETPLACE, True),
        ("arn:aws:sagemaker:us-east-1:865070037744:model-package/seller-model/1", True),
        ("arn:aws:sagemaker:eu-west-1:111122223333:model-package/scorer/1", False),
        ("scorer", False),
        ("arn:aws:sagemaker:eu-west-1", False),
        ("${Token[TOKEN.1]}", False),
        (7, False),
    ],
)
def test_a_package_is_from_the_marketplace_if_its_account_is(
    package: object,
    refused: bool,  # noqa: FBT001 - a column of the table
) -> None:
    source = {"S3Uri": "s3://b/p/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    container = {"ModelPackageName": package, "ModelDataSource": {"S3DataSource": source}}
    rules = {each.rule_id for each in check(model({"PrimaryContainer": container}))}
    assert ("model-data-source-not-supported" in rules) is refused
