"""Tests of the strict profile, in which warnings are errors."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.aws_sagemaker import CfnEndpointConfig
from kit.cdk import new_stack, template_of
from kit.reports import new_app, synth

from cdk_epc import (
    Endpoint,
    EndpointConfig,
    EndpointConfigError,
    EndpointValidator,
    InstanceType,
    Profile,
    Rule,
    Severity,
    Violation,
)

STRICT = {"cdk-epc:profile": "strict"}


def eager_warning() -> Rule:
    return Rule(
        id="company-model-name",
        title="",
        why="",
        eager=True,
        severity=Severity.WARNING,
        check=lambda spec: [
            Violation(path=(*path, "model_name"), got="m", must="be n", fix="Write n.")
            for path, _ in spec.variants()
        ],
    )


def add(config: EndpointConfig) -> None:
    config.add_instance_variant(
        "v", model="m", instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
    )


@pytest.mark.parametrize(
    ("context", "given", "expected"),
    [
        (None, None, Severity.WARNING),
        ({"cdk-epc:profile": "default"}, None, Severity.WARNING),
        (None, Profile.DEFAULT, Severity.WARNING),
        (STRICT, Profile.DEFAULT, Severity.WARNING),
        (STRICT, None, Severity.ERROR),
        (None, Profile.STRICT, Severity.ERROR),
        (None, "strict", Severity.ERROR),
    ],
)
def test_profile_of_a_construct(context: Any, given: Any, expected: Severity) -> None:
    app = cdk.App(analytics_reporting=False, context=context)
    stack = cdk.Stack(cdk.Stage(app, "Stage"), "Stack")
    config = EndpointConfig(stack, "Config", endpoint_config_name="a", profile=given)
    add(config)
    assert [(f.rule_id, f.severity) for f in config.findings_at_synth()] == [
        ("name-fixed", expected)
    ]


def test_strict_warning_fails_synth() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config", endpoint_config_name="a", profile=Profile.STRICT)
    add(config)
    with pytest.raises(RuntimeError, match="error name-fixed: endpoint_config_name is the fixed"):
        template_of(stack)


def test_in_strict_a_eager_warning_is_raised_at_the_call() -> None:
    stack = new_stack()
    rules = [eager_warning()]
    add(EndpointConfig(stack, "Lenient", rules=rules))
    config = EndpointConfig(stack, "Config", rules=rules, profile=Profile.STRICT)
    with pytest.raises(EndpointConfigError) as error:
        add(config)
    (finding,) = error.value.findings
    assert (finding.rule_id, finding.severity, finding.file) == (
        "company-model-name",
        Severity.ERROR,
        __file__,
    )


@pytest.mark.parametrize(
    ("context", "options", "expected"),
    [
        (None, {}, "warning"),
        (STRICT, {}, "error"),
        (STRICT, {"profile": Profile.DEFAULT}, "warning"),
        (None, {"profile": Profile.STRICT}, "error"),
    ],
)
def test_profile_of_the_validator(context: Any, options: Any, expected: str) -> None:
    app = new_app(context, **options)
    variant = {
        "variantName": "v",
        "modelName": "m",
        "initialInstanceCount": 1,
        "instanceType": "ml.m5.large",
    }
    CfnEndpointConfig(
        cdk.Stack(app, "Stack"),
        "Config",
        production_variants=[variant],
        endpoint_config_name="a",
    )
    reported = synth(app)
    assert [(v.rule, v.severity) for v in reported.violations] == [("name-fixed", expected)]
    assert reported.failed == (expected == "error")


def test_unknown_profile_raises() -> None:
    text = r"profile is 'strickt'; must be 'default' or 'strict'\. Correct it or remove it\."
    wrong: Any = "strickt"
    with pytest.raises(ValueError, match=f"^{text}$"):
        EndpointConfig(new_stack(), "Config", profile=wrong)
    with pytest.raises(ValueError, match=f"^{text}$"):
        EndpointValidator(profile=wrong)


@pytest.mark.parametrize("value", ["strickt", True, 3, ["strict"]])
def test_unknown_profile_in_the_context_raises(value: Any) -> None:
    app = new_app({"cdk-epc:profile": value})
    stack = cdk.Stack(app, "Stack")
    with pytest.raises(ValueError, match="the context value cdk-epc:profile is"):
        EndpointConfig(stack, "Config")
    with pytest.raises(RuntimeError, match="the context value cdk-epc:profile is"):
        app.synth()


def test_resources_of_one_name() -> None:
    app = cdk.App(analytics_reporting=False)
    known, elsewhere = (
        cdk.Environment(account="111122223333", region=region)
        for region in ("eu-west-1", "eu-north-1")
    )
    first = cdk.Stack(app, "First", env=known)
    inner = cdk.NestedStack(first, "Inner")
    stage = cdk.Stage(app, "Stage", env=known)
    unknown = cdk.Stack(app, "Unknown")
    stacks = [
        (first, True),
        (inner, True),
        (cdk.Stack(stage, "Stack"), True),
        (cdk.Stack(app, "Other", env=elsewhere), False),
        (unknown, False),
        (cdk.Stack(app, "AlsoUnknown"), False),
        (cdk.NestedStack(unknown, "Inner"), True),
    ]
    Endpoint(first, "A", endpoint_config="c", endpoint_name="fraud")
    EndpointConfig(first, "B", endpoint_config_name="fraud")
    found: list[bool] = []
    for stack, _ in stacks:
        named = Endpoint(stack, "C", endpoint_config="c", endpoint_name="fraud")
        errors = [each for each in named.findings_at_synth() if each.rule_id == "name-repeated"]
        found.append(bool(errors))
        assert all(str(each.file).endswith("test_stage_validation.py") for each in errors)
    assert found == [expected for _, expected in stacks]
    conditional = Endpoint(first, "D", endpoint_config="c", endpoint_name="fraud")
    assert "already the name of the endpoint First/A" in str(conditional.findings_at_synth())
    l1 = conditional.node.default_child
    assert isinstance(l1, cdk.CfnResource)
    l1.cfn_options.condition = cdk.CfnCondition(first, "Condition")
    assert conditional.findings_at_synth() == []
    reason = {"name-repeated": "another stack is deleted first"}
    accepted = Endpoint(first, "E", endpoint_config="c", endpoint_name="fraud", acknowledge=reason)
    assert accepted.findings_at_synth() == []
    with pytest.raises(RuntimeError, match="error name-repeated: endpoint_name is 'fraud', which"):
        app.synth()
