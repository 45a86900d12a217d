"""Rules on models: environments, packages and subnets; `test_subjects.py` has a table."""

from __future__ import annotations

from typing import Any

import pytest
from kit.subjects import model

from cdk_epc.rules import Finding, Severity, check
from cdk_epc.spec import EndpointConfigSpec, ModelSpec, VpcConfig
from cdk_epc.spec.unresolved import Reference, Unresolved

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:1"
ENTRY = 1024
WHOLE = 32 * ENTRY
MARKETPLACE = "arn:aws:sagemaker:eu-west-1:985815980388:model-package/seller-model"


def found(environment: object, *others: object) -> list[tuple[str, str, str]]:
    """Return rule, path and value of each finding for containers with these environments."""
    containers = [{"Image": IMAGE, "Environment": each} for each in (environment, *others)]
    findings = check(model({"Containers": containers}))
    return [(each.rule_id, each.path, str(each.got)) for each in findings]


PLACE = "Containers[0].Environment"
ENVIRONMENTS: dict[str, tuple[list[object], list[tuple[str, str, str]]]] = {
    "a key and a value of the maximum length": ([{"K" * ENTRY: "v" * ENTRY}], []),
    "a value with one character too many": (
        [{"K": "v" * (ENTRY + 1)}],
        [("value-length-wrong", f"{PLACE}.K", "v" * (ENTRY + 1))],
    ),
    "a value with one byte too many": (
        [{"K": "v" * (ENTRY - 1) + "é"}],
        [("model-environment-too-large", f"{PLACE}.K", f"{ENTRY + 1} bytes")],
    ),
    "lone surrogates": (
        [{"K": "\ud800" * 342}],
        [("model-environment-too-large", f"{PLACE}.K", "1026 bytes")],
    ),
    "a key that is too long": (
        [{"K" * (ENTRY + 1): ""}],
        [("value-length-wrong", f"{PLACE}.{'K' * (ENTRY + 1)}", f"the key '{'K' * 78}…")],
    ),
    "the maximum of entries": ([{f"K{at}": "" for at in range(100)}], []),
    "one entry too many": (
        [{f"K{at}": "" for at in range(101)}],
        [("list-length-wrong", PLACE, "101 entries")],
    ),
    "the maximum of bytes": (
        [{f"K{at:02}": "v" * 1021 for at in range(16)}] * 2,
        [],
    ),
    "one byte too many": (
        [{f"K{at:02}": "v" * 1021 for at in range(32)}, {"K": ""}],
        [("model-environment-too-large", PLACE, f"{WHOLE + 1} bytes")],
    ),
    "a JSON text": (['{"K": "v"}'], []),
    "an unresolved value": ([{"K": "${Token[TOKEN.1]}"}], []),
}


@pytest.mark.parametrize("case", ENVIRONMENTS)
def test_the_environment_must_stay_within_its_limits(case: str) -> None:
    environments, findings = ENVIRONMENTS[case]
    assert found(*environments) == findings


def test_messages_about_environments_that_are_too_large() -> None:
    one = check(model({"PrimaryContainer": {"Image": IMAGE, "Environment": {"K": "é" * 513}}}))
    entries = {f"K{at:02}": "v" * 1021 for at in range(33)}
    whole = check(model({"PrimaryContainer": {"Image": IMAGE, "Environment": entries}}))
    assert [(each.message, each.fix) for each in (*one, *whole)] == [
        (
            "PrimaryContainer.Environment.K has 1026 bytes; must not exceed 1024 bytes",
            "Shorten the text, or read it from S3 in the container.",
        ),
        (
            (
                "PrimaryContainer.Environment has 33792 bytes; must not exceed 32768 bytes in all "
                "containers together"
            ),
            "Shorten the environments, or read long values from S3 in the container.",
        ),
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
def test_the_account_of_a_package_shows_whether_it_is_from_the_marketplace(
    package: object,
    refused: bool,  # noqa: FBT001 - a column of the table
) -> None:
    source = {"S3Uri": "s3://b/p/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    container = {"ModelPackageName": package, "ModelDataSource": {"S3DataSource": source}}
    rules = {each.rule_id for each in check(model({"PrimaryContainer": container}))}
    assert ("model-data-source-not-supported" in rules) is refused


SUBNET = "subnet-0a1b2c3d"
REFERENCE: Any = Unresolved({"Ref": "A"}, Reference(type="AWS::EC2::Subnet", logical_id="A"))
PARAMETER: Any = Unresolved({"Ref": "Subnet"})
UNRESOLVED_ITEM = "${Token[TOKEN.42]}"
UNRESOLVED_LIST = "#{Token[TOKEN.43]}"


def single_subnets(subject: EndpointConfigSpec | ModelSpec) -> list[Finding]:
    return [each for each in check(subject) if each.rule_id == "vpc-single-subnet"]


def vpc(*subnets: Any) -> VpcConfig:
    return VpcConfig(subnets=subnets, security_group_ids=("sg-0a1b2c3d",))


@pytest.mark.parametrize("cls", [EndpointConfigSpec, ModelSpec])
def test_a_single_subnet(cls: type[Any]) -> None:
    assert single_subnets(cls(vpc_config=vpc(SUBNET))) == [
        Finding(
            rule_id="vpc-single-subnet",
            severity=Severity.WARNING,
            path="VpcConfig.Subnets",
            got="1 subnet",
            allowed="have subnets in two or more Availability Zones",
            message="VpcConfig.Subnets has 1 subnet; must have subnets in two or more "
            "Availability Zones",
            fix="Add a subnet in another Availability Zone.",
            source_url="https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html",
        )
    ]


def test_a_reference_to_a_subnet_is_one_subnet() -> None:
    assert len(single_subnets(ModelSpec(vpc_config=vpc(REFERENCE)))) == 1


@pytest.mark.parametrize(
    "subnets",
    [(SUBNET, "subnet-1a2b3c4d"), (PARAMETER,), (UNRESOLVED_ITEM,), (UNRESOLVED_LIST,), ()],
)
def test_two_subnets_or_an_unresolved_list(subnets: tuple[Any, ...]) -> None:
    assert single_subnets(ModelSpec(vpc_config=vpc(*subnets))) == []
    assert single_subnets(ModelSpec(vpc_config=PARAMETER)) == []


def test_a_model_has_either_a_container_or_a_list() -> None:
    container = {"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:1"}
    unknown: Any = Unresolved({"Ref": "Containers"})
    for members, message in (
        ({}, "PrimaryContainer is required because the model has no Containers"),
        ({"Containers": []}, "PrimaryContainer is required because the model has no Containers"),
        (
            {"PrimaryContainer": container, "Containers": [container]},
            "PrimaryContainer is not allowed together with Containers",
        ),
        ({"PrimaryContainer": container, "Containers": unknown}, None),
        ({"Containers": unknown}, None),
    ):
        found = [
            each.message
            for each in check(model(members))
            if each.rule_id == "model-containers-ambiguous"
        ]
        assert found == ([] if message is None else [message]), members
