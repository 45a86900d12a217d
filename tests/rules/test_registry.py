"""Registry of the rules: ids, texts, sources, and the constraints that they cover."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from kit.requests import load

from cdk_epc.rules import (
    RULES,
    Diagnostic,
    Evidence,
    Finding,
    Severity,
    Violation,
    check,
    evaluate,
    registry,
)
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED, rules_of
from cdk_epc.rules.rule import Profile, rule
from cdk_epc.rules.rule_set import RuleSet
from cdk_epc.rules.update_registry import UPDATE_RULES
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.context import ROOTS
from cdk_epc.spec.wire import from_json

CONSTRAINTS: dict[str, str] = load("constraint_ids.json")
"""Severity of each fact in the evidence, by its id."""
DECISIONS = Path(__file__).parents[2] / "docs" / "decisions" / "0008-facts-without-a-rule.md"

MILDER = {
    "managed-scaling-disabled": "the fact is an error only where the scaling is enabled",
    "deployment-step-too-large": "whether the fleet has grown since is not in the template",
}
"""Warnings although one of their facts is an error, each with the reason."""

SURER = {
    "scaling-burstable-type": "registering the target has been seen to fail",
}
"""Errors although one of their facts is a warning, each with the reason."""

SURE_ENOUGH = {
    "variant-compute-missing": "the API required the type before it had alternatives",
    "managed-scaling-bounds-reversed": "no number is within reversed bounds",
    "component-memory-reversed": "no number is within reversed bounds",
}
"""Errors although no refusal is on record, each with the reason."""

EVERY = (*DIAGNOSTICS, *PACKED, *UPDATE_RULES)


def ids(rules: Iterable[Diagnostic]) -> list[str]:
    return [rule.id for rule in rules]


def test_ids_are_unique() -> None:
    assert len(set(ids(EVERY))) == len(EVERY)


def test_titles_are_one_line_without_a_full_stop() -> None:
    assert [
        rule.id for rule in EVERY if not rule.title or "\n" in rule.title or rule.title[-1] == "."
    ] == []


def test_reasons_and_fixes_are_sentences() -> None:
    assert [
        rule.id
        for rule in EVERY
        if not rule.why.endswith(".") or not rule.fix.endswith(".") or "\n" in rule.fix
    ] == []


def test_versions_are_semantic() -> None:
    assert [rule.id for rule in EVERY if not re.fullmatch(r"\d+\.\d+\.\d+", rule.since)] == []


def test_a_rule_that_is_not_ours_has_a_source() -> None:
    assert [
        rule.id
        for rule in EVERY
        if not (rule.source_url or "https://").startswith("https://")
        or (rule.source_url is None and rule.evidence is not Evidence.OURS)
    ] == []


def test_inferred_rules_are_warnings_except_these() -> None:
    inferred = [rule for rule in RULES if rule.evidence is Evidence.INFERRED]
    assert {rule.id for rule in inferred if rule.severity is Severity.ERROR} == set(SURE_ENOUGH)


@pytest.mark.parametrize("id_", ["Upper-case", "single", "trailing-", "two--hyphens", "", "a b-c"])
def test_an_id_in_another_form_is_refused(id_: str) -> None:
    with pytest.raises(ValueError, match="rule id") as refused:
        rule(id=id_, title="A title", why="Why.")(lambda _: ())
    assert str(refused.value) == (
        f"rule id {id_!r} must be lower-case words joined by hyphens, and the first one your own, "
        "for example 'company-instance-family'"
    )


def decided_against() -> set[str]:
    """Return the facts of the decision's first table."""
    _, table, _ = re.split(r"^### .*$", DECISIONS.read_text("utf-8"), flags=re.MULTILINE)
    return set(re.findall(r"^\| `([A-Z0-9_.]+)` \|", table, re.MULTILINE))


def test_every_constraint_is_a_rule_or_was_decided_against() -> None:
    covered = {fact for rule in EVERY for fact in rule.facts}
    assert CONSTRAINTS.keys() - covered == decided_against()


def test_the_decision_names_existing_rules_and_facts() -> None:
    text = DECISIONS.read_text("utf-8")
    assert set(re.findall(r"`([A-Z0-9]+\.[A-Z0-9_]+)`", text)) <= CONSTRAINTS.keys()
    _, _, narrower = re.split(r"^### .*$", text, flags=re.MULTILINE)
    named = re.findall(r"^\| `[A-Z0-9_.]+` \| (.*?) \|", narrower, re.MULTILINE)
    assert set(re.findall(r"`([a-z-]+)`", " ".join(named))) <= set(ids(EVERY))


def test_severities_are_those_of_the_facts_except_these() -> None:
    differ = {
        rule.id
        for rule in EVERY
        for fact in rule.facts
        if CONSTRAINTS.get(fact, rule.severity) != rule.severity
    }
    assert differ == set(MILDER) | set(SURER)


def test_an_error_that_a_later_call_can_fix_is_not_eager() -> None:
    of_configurations = [rule for rule in RULES if EndpointConfigSpec in rule.about]
    errors = [rule for rule in of_configurations if rule.severity is Severity.ERROR]
    assert {rule.id for rule in errors if not rule.eager} == {
        "production-variants-missing",
    }


def test_a_custom_rule_is_evaluated_like_a_rule_of_the_library() -> None:
    @rule(
        id="team-network",
        title="A configuration should have a VPC",
        why="The team requires it.",
        severity=Severity.WARNING,
    )
    def custom(_: EndpointConfigSpec) -> Iterable[Violation]:
        path = ("vpc_config", "subnets")
        return [Violation(path=path, got=None, must="be a VPC of the team", fix="Add a VPC.")]

    spec = EndpointConfigSpec()
    assert [(each.id, violation.path) for each, violation in evaluate(spec, [custom])] == [
        ("team-network", ("vpc_config", "subnets"))
    ]
    assert check(spec, [custom]) == [
        Finding(
            rule_id="team-network",
            severity=Severity.WARNING,
            path="VpcConfig.Subnets",
            got=None,
            allowed="a VPC of the team",
            message="VpcConfig.Subnets is missing; must be a VPC of the team",
            fix="Add a VPC.",
        )
    ]


def test_findings_come_in_the_order_of_the_rules() -> None:
    order = ids(RULES)
    spec, _ = from_json({"Tags": [{}], "KmsKeyId": 1})
    found = [finding.rule_id for finding in check(spec)]
    assert len(set(found)) > 1
    assert found == sorted(found, key=order.index)


def test_rules_load_without_cdk() -> None:
    code = (
        "import sys, cdk_epc.rules\n"
        "print([name for name in ('aws_cdk', 'jsii', 'constructs') if name in sys.modules])"
    )
    answer = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_rules_of_a_resource_are_those_of_all_rules_about_it() -> None:
    for spec in dict.fromkeys(ROOTS.values()):
        about = [rule for rule in RULES if any(ROOTS[each] is spec for each in rule.about)]
        assert about
        assert ids(rules_of(spec)) == ids(about)


def test_lazy_mappings_have_all_rules() -> None:
    for profile in Profile:
        lazy, eager = RuleSet.built_in(profile), RuleSet.of(profile.apply(DIAGNOSTICS))
        assert lazy.by_id["serverless-memory-step"] == eager.by_id["serverless-memory-step"]
        assert "no-such-rule" not in lazy.by_id
        assert {each: lazy.about[each] for each in lazy.about} == dict(eager.about)
        assert dict(lazy.by_id) == dict(eager.by_id)


def test_other_names_of_the_registry_are_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'RULE'"):
        _ = registry.RULE  # type: ignore[attr-defined]


def test_rules_of_other_resources_are_not_imported() -> None:
    program = """
import sys
from cdk_epc import check_template
compute = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
properties = {"ProductionVariants": [{"VariantName": "a", "ModelName": "m", **compute}]}
resource = {"Type": "AWS::SageMaker::EndpointConfig", "Properties": properties}
assert check_template({"Resources": {"Config": resource}}) == []
print(*(name.rpartition(".")[2] for name in sys.modules if name.startswith("cdk_epc.rules.")))
"""
    shown = subprocess.run(  # noqa: S603 - the program above
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    imported = set(shown.stdout.split())
    assert {"variants", "traffic", "serverless"} <= imported
    assert imported.isdisjoint(
        {"alarm_forms", "scaling", "schedules", "endpoints", "security", "pedantic"}
    )
