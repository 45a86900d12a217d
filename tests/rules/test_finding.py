"""Findings: the sentence of a violation in the spelling of its source, and the error."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from cdk_epc.rules import (
    RULES,
    EndpointConfigError,
    Finding,
    Severity,
    Violation,
    check,
)
from cdk_epc.rules.finding import Language, shown
from cdk_epc.rules.rule import Words
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.unresolved import Reference, Unresolved

ANY_RULE = RULES[0]
REFERENCE = Unresolved({"Ref": "Key"}, Reference(type="AWS::KMS::Key", logical_id="Key"))
TOKEN = "${Token[TOKEN.7]}"  # noqa: S105 - CDK's own way of writing one


def message(
    language: Language = Language.AWS, path: str = "KmsKeyId", *, got: Any = None, **form: str
) -> str:
    violation = Violation(path=("kms_key_id",), got=got, fix="Fix it.", **form)
    return Finding.of(ANY_RULE, violation, path, language).message


@pytest.mark.parametrize(
    ("got", "form", "expected"),
    [
        (5, {"must": "be 1 or 2"}, "KmsKeyId is 5; must be 1 or 2"),
        (None, {"must": "be 1 or 2"}, "KmsKeyId is missing; must be 1 or 2"),
        ("", {"must": "be a key"}, "KmsKeyId is empty; must be a key"),
        ((), {"must": "be a list"}, "KmsKeyId is empty; must be a list"),
        ({}, {"must": "be a map"}, "KmsKeyId is empty; must be a map"),
        (True, {"must": "be false"}, "KmsKeyId is true; must be false"),
        (Words("3 items"), {"must": "have 2"}, "KmsKeyId has 3 items; must have 2"),
        (Words("null"), {"must": "be a key"}, "KmsKeyId is null; must be a key"),
        (REFERENCE, {"must": "be a key"}, "KmsKeyId is a reference to Key; must be a key"),
        (TOKEN, {"must": "be a key"}, "KmsKeyId is known at deployment; must be a key"),
        ("a", {"not_allowed": "with B"}, "KmsKeyId 'a' is not allowed with B"),
        (7, {"not_allowed": "with B"}, "KmsKeyId 7 is not allowed with B"),
        (True, {"not_allowed": "with B"}, "KmsKeyId is not allowed with B"),
        (False, {"not_allowed": "with B"}, "KmsKeyId false is not allowed with B"),
        (Words("a VPC"), {"not_allowed": "with B"}, "KmsKeyId is not allowed with B"),
        ((1, 2), {"not_allowed": "with B"}, "KmsKeyId is not allowed with B"),
        (REFERENCE, {"not_allowed": "with B"}, "KmsKeyId is not allowed with B"),
        (None, {"required": "for a container"}, "KmsKeyId is required for a container"),
        (None, {"sentence": "the key is lost"}, "the key is lost"),
    ],
)
def test_a_violation_is_one_sentence(got: Any, form: dict[str, str], expected: str) -> None:
    assert message(got=got, **form) == expected


def test_a_member_in_backticks_has_the_name_of_the_source() -> None:
    violation = Violation(
        path=("tags",),
        got="`enable_ssm_access`",
        must="not exceed `volume_size_in_gb`",
        fix="Set `kms_key_id` or `nothing_like_it`.",
        python_fix="Pass `kms_key_id`, or `tags`.",
    )
    found = Finding.of(ANY_RULE, violation, "Tags")
    assert found.message == "Tags is '`enable_ssm_access`'; must not exceed VolumeSizeInGB"
    assert found.allowed == "not exceed VolumeSizeInGB"
    assert found.fix == "Set KmsKeyId or NothingLikeIt."
    arguments = {"kms_key_id": "encryption_key", "volume_size_in_gb": "volume_size", "tags": ""}
    found = Finding.of(ANY_RULE, violation, "tags", Language.PYTHON, arguments)
    assert found.message == "tags is '`enable_ssm_access`'; must not exceed volume_size"
    assert found.fix == "Pass encryption_key, or tags."


def test_a_property_of_a_call_comes_before_the_call() -> None:
    path = 'add_serverless_variant("a").memory_size'
    assert message(Language.PYTHON, path, got=True, must="be a Size") == (
        'memory_size of add_serverless_variant("a") is True; must be a Size'
    )
    assert message(Language.PYTHON, path, got=5, not_allowed="with B") == (
        'memory_size 5 of add_serverless_variant("a") is not allowed with B'
    )


@pytest.mark.parametrize(
    ("form", "allowed"),
    [
        ({"must": "be 1 or 2"}, "1 or 2"),
        ({"must": "have 2 items"}, "have 2 items"),
        ({"not_allowed": "with B"}, "no value with B"),
        ({"required": "for a container"}, "a value for a container"),
        ({"sentence": "the key is lost"}, ""),
    ],
)
def test_the_requirement_is_also_given_in_a_few_words(form: dict[str, str], allowed: str) -> None:
    assert Violation(path=(), got=1, fix="Fix it.", **form).allowed == allowed


@pytest.mark.parametrize("forms", [{}, {"must": "be 1", "required": "here"}])
def test_a_violation_has_exactly_one_form(forms: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="takes exactly one of") as refused:
        Violation(path=(), got=1, fix="Fix it.", **forms)
    assert str(refused.value) == (
        "a Violation takes exactly one of must, not_allowed, required and sentence"
    )


def test_an_error_shows_all_findings() -> None:
    findings = check(EndpointConfigSpec(enable_network_isolation="yes"))  # type: ignore[arg-type]
    error = EndpointConfigError(findings)
    assert error.findings == tuple(findings)
    assert str(error) == (
        "\n"
        "error production-variants-missing: ProductionVariants is missing; must have 1 to 10 "
        "variants\n"
        "    fix: Add a variant.\n"
        "    source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
        "API_CreateEndpointConfig.html\n"
        "error value-type-wrong: EnableNetworkIsolation is 'yes'; must be true or false\n"
        "    fix: Give true or false, not text.\n"
        "    source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
        "API_CreateEndpointConfig.html"
    )


def test_a_finding_shows_its_call() -> None:
    finding = Finding(
        rule_id="team-network",
        severity=Severity.WARNING,
        path="VpcConfig",
        got=None,
        allowed="a VPC of the team",
        message="VpcConfig is missing; must be a VPC of the team",
        fix="Add a VPC.",
        source_url="https://example.com/network",
        resource="Stack/Config",
        file="app.py",
        line=7,
    )
    assert str(finding) == (
        "warning team-network: VpcConfig is missing; must be a VPC of the team\n"
        "    fix: Add a VPC.\n"
        "    construct: Stack/Config\n"
        "    given at: app.py:7\n"
        "    source: https://example.com/network"
    )
    place = ("Resources", "Config", "Properties", "VpcConfig")
    in_template = attrs.evolve(finding, resource="Config", file=None, place=place)
    assert in_template.text.splitlines()[2] == "    resource: Config"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        ("text", "'text'"),
        (Severity.ERROR, "'error'"),
        (Words("3 variants"), "3 variants"),
        ("x" * 78, "'" + "x" * 78 + "'"),
        ("x" * 79, "'" + "x" * 78 + "…"),
        (EndpointConfigSpec(), "EndpointConfigSpec(…)"),
        (2**256 - 1, "115792089237316195...7584007913129639935"),
        (2**256, "a whole number of 257 bits"),
    ],
)
def test_a_value_is_shown_as_a_literal_of_limited_length(value: object, expected: str) -> None:
    assert shown(value) == expected
