"""The list of rules as a whole: ids, words, sources, and what of the evidence they cover."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from kit.specs import load

from cdk_epc.rules import (
    RULES,
    EndpointConfigError,
    Evidence,
    Finding,
    Rule,
    Severity,
    Violation,
    check,
    evaluate,
)
from cdk_epc.rules.finding import shown
from cdk_epc.rules.rule import Words
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.wire import from_json

CONSTRAINTS: dict[str, str] = load("constraint_ids.json")
"""The ids of the facts that the rules were drawn from, with their severities."""
DECISIONS = Path(__file__).parents[2] / "docs" / "decisions" / "0008-rows-that-are-no-rules.md"

MILDER = {
    "managed-scaling-disabled": "the fact is an error only where the scaling is on",
    "deployment-step-too-large": "whether the fleet has grown since is not in the template",
    "serverless-with-isolated-model": "the list is of endpoints, and the isolation is the model's",
}
"""Warnings although a fact that they name is an error, each with the reason."""

SURER = {
    "scaling-burstable-type": "registering the target has been seen to fail",
}
"""Errors although a fact that they name is a warning, each with the reason."""

WITHOUT_FACT = {
    "acknowledgement-unused",
    "adapter-base-not-awaited",
    "adapter-with-base-settings",
    "adapter-endpoint-mismatch",
    "alarm-always-fires",
    "alarm-dimension-is-arn",
    "alarm-endpoint-name-misspelt",
    "alarm-metric-dimensions-wrong",
    "alarm-metric-unpublished",
    "alarm-statistic-unsuitable",
    "alarm-metric-unknown",
    "alarm-never-fires",
    "alarm-variant-unknown",
    "component-artifact-not-archive",
    "component-batch-too-large",
    "component-compute-missing",
    "component-copies-outside-scaling",
    "component-does-not-fit",
    "component-endpoint-not-awaited",
    "component-image-missing",
    "component-model-mismatch",
    "component-model-missing",
    "component-type-unknown",
    "component-types-repeated",
    "component-update-timeout-too-short",
    "component-update-without-alarms",
    "description-backfilled",
    "endpoint-config-imported",
    "retained-exclusions-ignored",
    "endpoint-name-misspelt",
    "explainer-expression-unchecked",
    "scaling-initial-count-outside",
    "scaling-managed-variant",
    "model-container-image-missing",
    "model-imported",
    "retained-count-beside-scaled",
    "retained-count-ignored",
    "retained-data-capture-excluded",
    "retained-deployment-unclear",
    "role-policy-not-awaited",
    "rollback-alarms-without-wait",
    "scaled-count-excluded",
    "scaled-count-reset",
    "scaling-target-not-awaited",
    "scaling-policy-missing",
    "scaling-metric-dimensions-wrong",
    "scaling-resource-not-awaited",
    "scaling-statistic-unsuitable",
    "scaling-target-unreachable",
    "scaling-variant-unknown",
    "schedule-every-minute",
    "scaling-shadow-variant",
    "template-transformed",
    "value-unpublished",
    "vpc-single-subnet",
    "scaling-to-zero-without-step-policy",
}
"""Warnings about this library's own doings or knowledge, or read in a guide later."""

SURE_ENOUGH = {
    "variant-compute-missing": "the type was required by the API before there were other ways",
    "managed-scaling-bounds-reversed": "no number lies between",
    "component-memory-reversed": "no number lies between",
}
"""Errors although nobody has been seen to be refused, each with the reason."""

ANY_CHECK = RULES[0].check


def ids(rules: list[Rule] | tuple[Rule, ...]) -> list[str]:
    return [rule.id for rule in rules]


def test_ids_are_unique() -> None:
    assert len(set(ids(RULES))) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=ids(RULES))
def test_a_rule_has_an_id_in_kebab_case(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", rule.id)


@pytest.mark.parametrize("rule", RULES, ids=ids(RULES))
def test_a_rule_says_what_holds_and_why(rule: Rule) -> None:
    assert rule.title
    assert "\n" not in rule.title
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=ids(RULES))
def test_a_rule_says_how_to_mend_its_violations(rule: Rule) -> None:
    assert rule.fix.endswith(".")
    assert "\n" not in rule.fix


@pytest.mark.parametrize("rule", RULES, ids=ids(RULES))
def test_a_rule_says_since_when_there_is_one(rule: Rule) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", rule.since)


@pytest.mark.parametrize("rule", RULES, ids=ids(RULES))
def test_a_rule_that_is_not_ours_has_a_source(rule: Rule) -> None:
    if rule.evidence is not Evidence.OURS:
        assert rule.source_url is not None
    assert rule.source_url is None or rule.source_url.startswith("https://")


def test_what_nobody_has_seen_or_said_is_a_warning_but_for_these() -> None:
    inferred = [rule for rule in RULES if rule.evidence is Evidence.INFERRED]
    assert {rule.id for rule in inferred if rule.severity is Severity.ERROR} == set(SURE_ENOUGH)


@pytest.mark.parametrize("id_", ["Upper-case", "single", "trailing-", "two--hyphens", "", "a b-c"])
def test_an_id_that_is_not_kebab_case_is_refused(id_: str) -> None:
    with pytest.raises(ValueError, match="a rule's id is") as refused:
        Rule(id=id_, title="A title", why="Why.", check=ANY_CHECK)
    assert str(refused.value) == (
        f"a rule's id is {id_!r}; allowed: words in lower case, hyphens between them, "
        "the first one your own, for example 'company-instance-family'"
    )


def decided_against() -> set[str]:
    """The facts of the decision's first table."""
    _, table, _ = re.split(r"^### .*$", DECISIONS.read_text("utf-8"), flags=re.MULTILINE)
    return set(re.findall(r"^\| `([A-Z0-9_.]+)` \|", table, re.MULTILINE))


def test_every_constraint_is_a_rule_or_was_decided_against() -> None:
    covered = {fact for rule in RULES for fact in rule.facts}
    assert CONSTRAINTS.keys() - covered == decided_against()


def test_a_decision_names_rules_and_facts_that_there_are() -> None:
    text = DECISIONS.read_text("utf-8")
    assert set(re.findall(r"`([A-Z0-9]+\.[A-Z0-9_]+)`", text)) <= CONSTRAINTS.keys()
    _, _, narrower = re.split(r"^### .*$", text, flags=re.MULTILINE)
    named = re.findall(r"^\| `[A-Z0-9_.]+` \| (.*?) \|", narrower, re.MULTILINE)
    assert set(re.findall(r"`([a-z-]+)`", " ".join(named))) <= set(ids(RULES))


def test_severities_are_those_of_the_facts_but_for_these() -> None:
    differ = {
        rule.id
        for rule in RULES
        for fact in rule.facts
        if CONSTRAINTS.get(fact, rule.severity) != rule.severity
    }
    assert differ == set(MILDER) | set(SURER)


def test_a_warning_names_its_fact_but_for_these() -> None:
    warnings = [rule for rule in RULES if rule.severity is Severity.WARNING]
    unfounded = {rule.id for rule in warnings if not CONSTRAINTS.keys() & set(rule.facts)}
    assert unfounded == WITHOUT_FACT


def test_rules_of_what_may_still_come_are_not_settled() -> None:
    of_configurations = [rule for rule in RULES if EndpointConfigSpec in rule.about]
    errors = [rule for rule in of_configurations if rule.severity is Severity.ERROR]
    assert {rule.id for rule in errors if not rule.eager} == {
        "production-variants-missing",
    }


def test_a_rule_of_ones_own_is_judged_like_any_other() -> None:
    own = Rule(
        id="team-network",
        title="A configuration has a VPC",
        why="The team says so.",
        check=lambda _: [
            Violation(path=("vpc_config", "subnets"), got=None, allowed="one", fix="Give.")
        ],
        severity=Severity.WARNING,
    )
    spec = EndpointConfigSpec()
    assert [(rule.id, violation.path) for rule, violation in evaluate(spec, [own])] == [
        ("team-network", ("vpc_config", "subnets"))
    ]
    assert check(spec, [own]) == [
        Finding(
            rule_id="team-network",
            severity=Severity.WARNING,
            path="VpcConfig.Subnets",
            got=None,
            allowed="one",
            message="VpcConfig.Subnets is missing; allowed: one",
            fix="Give.",
        )
    ]


def test_findings_come_in_the_order_of_the_rules() -> None:
    order = ids(RULES)
    spec, _ = from_json({"Tags": [{}], "KmsKeyId": 1})
    found = [finding.rule_id for finding in check(spec)]
    assert len(set(found)) > 1
    assert found == sorted(found, key=order.index)


def test_an_error_tells_every_finding() -> None:
    findings = check(EndpointConfigSpec(enable_network_isolation="yes"))  # type: ignore[arg-type]
    error = EndpointConfigError(findings)
    assert error.findings == tuple(findings)
    assert str(error) == (
        "\n"
        "error production-variants-missing: ProductionVariants is missing; allowed: 1 to 10 "
        "variants\n"
        "    fix: Add a variant, for example with add_instance_variant.\n"
        "    source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
        "API_CreateEndpointConfig.html\n"
        "error value-type-wrong: EnableNetworkIsolation is 'yes'; allowed: true or false\n"
        "    fix: Give true or false, not str.\n"
        "    source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
        "API_CreateEndpointConfig.html"
    )


def test_a_finding_says_where_it_was_given() -> None:
    finding = Finding(
        rule_id="team-network",
        severity=Severity.WARNING,
        path="VpcConfig",
        got=None,
        allowed="one",
        message="VpcConfig is missing; allowed: one",
        fix="Give one.",
        source_url="https://example.com/network",
        resource="Stack/Config",
        file="app.py",
        line=7,
    )
    assert str(finding) == (
        "warning team-network: VpcConfig is missing; allowed: one\n"
        "    fix: Give one.\n"
        "    construct: Stack/Config\n"
        "    given at: app.py:7\n"
        "    source: https://example.com/network"
    )


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
def test_a_value_is_shown_as_python_writes_it_and_not_at_length(
    value: object, expected: str
) -> None:
    assert shown(value) == expected


def test_rules_load_without_cdk() -> None:
    code = (
        "import sys, cdk_epc.rules\n"
        "print([name for name in ('aws_cdk', 'jsii', 'constructs') if name in sys.modules])"
    )
    answer = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
