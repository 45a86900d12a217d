"""Tests of acknowledgements on constructs and scopes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs
import aws_cdk as cdk
import pytest
from aws_cdk.aws_s3 import Bucket
from aws_cdk.aws_sagemaker import CfnEndpointConfig
from aws_cdk.cloudformation_include import CfnInclude
from kit.cdk import ENDPOINT_CONFIG, new_stack, properties_of, template_of
from kit.reports import PolicyViolation, Reported, Suppressed, new_app, synth

from cdk_epc import (
    EndpointConfig,
    EndpointConfigError,
    Finding,
    InstanceType,
    Profile,
    Rule,
    Severity,
    Violation,
    acknowledge,
    check_template,
)
from cdk_epc.testing import assert_no_findings

KEY = "kms-key-with-local-storage"
LOCAL = "ml.m5d.large"
REASON = "the key is for the volume of another variant"
URL = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-sagemaker-endpointconfig.html"
)


def add(config: EndpointConfig, type_: str = LOCAL, **options: Any) -> None:
    given = {"model": "m", "initial_instance_count": 1, **options}
    config.add_instance_variant("v", instance_type=InstanceType.of(type_), **given)


def refused(call: Callable[[], object]) -> list[Finding]:
    with pytest.raises(EndpointConfigError) as error:
        call()
    return list(error.value.findings)


def summaries_of(findings: list[Finding]) -> list[tuple[str, str, str, str]]:
    return [(f.rule_id, f.path, f.allowed, f.fix) for f in findings]


def metadata_of(stack: cdk.Stack) -> dict[str, Any]:
    resources = template_of(stack)["Resources"].values()
    (found,) = (each for each in resources if each["Type"] == ENDPOINT_CONFIG)
    return dict(found.get("Metadata", {}))


def acknowledged_in(assembly: Any, stack: str) -> dict[str, Any]:
    """Return CDK's metadata about acknowledgements by construct path."""
    every: dict[str, Any] = {}
    file = Path(assembly.directory) / f"{stack}.metadata.json"
    for path, entries in json.loads(file.read_text("utf-8")).items():
        for entry in entries:
            if entry["type"] == "aws:cdk:acknowledged-rules":
                every.setdefault(path, {}).update(entry["data"])
    return every


# --- on an EndpointConfig ---


def lenient_stack() -> cdk.Stack:
    """Return a stack without the checks of CDK's own validator."""
    return new_stack(app=cdk.App(analytics_reporting=False))


def test_eager_error_of_the_constructor() -> None:
    stack = lenient_stack()
    config = EndpointConfig(
        stack,
        "Config",
        encryption_key="a" * 2049,
        acknowledge={"value-length-wrong": f" {REASON} "},
    )
    add(config, "ml.m5.large")
    (finding,) = config.acknowledged
    assert (finding.rule_id, finding.path, finding.acknowledged, finding.severity) == (
        "value-length-wrong",
        "encryption_key",
        REASON,
        Severity.ERROR,
    )
    assert config.findings_at_synth() == []
    assert properties_of(stack)["KmsKeyId"] == "a" * 2049


def test_eager_error_of_a_later_call() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config", encryption_key="alias/a", acknowledge={KEY: REASON})
    add(config)
    (raised,) = refused(
        lambda: add(EndpointConfig(new_stack(), "Config", encryption_key="alias/a"))
    )
    assert (raised.rule_id, raised.severity, raised.path, raised.got, raised.source_url) == (
        KEY,
        Severity.ERROR,
        "encryption_key",
        "alias/a",
        URL,
    )
    (finding,) = config.acknowledged
    assert finding == attrs.evolve(raised, line=finding.line, acknowledged=REASON)
    assert (finding.resource, finding.file) == ("Stack/Config", __file__)
    assert metadata_of(stack) == {"cdk-epc": {"acknowledge": {KEY: REASON}}}
    assert_no_findings(template_of(stack))


def test_method_acknowledges_findings_of_later_calls() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config", encryption_key="alias/a")
    assert [finding.rule_id for finding in refused(lambda: add(config))] == [KEY]
    config.acknowledge(KEY, reason=REASON)
    add(config)
    config.acknowledge("name-fixed", reason="no name yet")
    assert [each.acknowledged for each in config.acknowledged] == [REASON]
    assert metadata_of(stack) == {
        "cdk-epc": {"acknowledge": {KEY: REASON, "name-fixed": "no name yet"}}
    }


def test_other_errors_are_raised() -> None:
    config = EndpointConfig(
        new_stack(), "Config", encryption_key="alias/a", acknowledge={KEY: REASON}
    )
    findings = refused(lambda: add(config, initial_instance_count=0))
    assert [finding.rule_id for finding in findings] == ["value-out-of-range"]
    assert config.to_request() == {"KmsKeyId": "alias/a"}


def test_missing_value_at_synth() -> None:
    stack = lenient_stack()
    config = EndpointConfig(
        stack, "Config", acknowledge={"production-variants-missing": "a stub for the docs"}
    )
    app = stack.node.root
    assert isinstance(app, cdk.App)
    assert config.findings_at_synth() == []
    assert app.synth().get_stack_by_name("Stack").template["Resources"]


def test_warning_and_metadata_of_cdk() -> None:
    stack = new_stack()
    config = EndpointConfig(
        stack, "Config", endpoint_config_name="a", acknowledge={"name-fixed": "made once"}
    )
    add(config)
    app = stack.node.root
    assert isinstance(app, cdk.App)
    assembly = app.synth()
    assert [message.entry.data for message in assembly.get_stack_by_name("Stack").messages] == []
    assert acknowledged_in(assembly, "Stack") == {
        "/Stack/Config": {"cdk-epc::name-fixed": "made once"}
    }


UNKNOWN = "acknowledgement-unknown"
WRONG: dict[str, tuple[Any, list[tuple[str, str, str, str]]]] = {
    "a misspelled id": (
        {"nam-fixed": "x"},
        [(UNKNOWN, "acknowledge['nam-fixed']", "the id of a rule", "Did you mean name-fixed?")],
    ),
    "an unknown id": (
        {"zzz": "x"},
        [(UNKNOWN, "acknowledge['zzz']", "the id of a rule", "Correct the id, or remove it.")],
    ),
    "an id that is not text": (
        {3: "x"},
        [(UNKNOWN, "acknowledge['3']", "the id of a rule", "Correct the id, or remove it.")],
    ),
    "a call error": (
        {"argument-type-wrong": "x"},
        [
            (
                UNKNOWN,
                "acknowledge['argument-type-wrong']",
                "the id of a rule that can be acknowledged",
                "Correct the call; a call with this error has no effect.",
            )
        ],
    ),
    "a member that the construct cannot write": (
        {"member-unknown": "x"},
        [
            (
                UNKNOWN,
                "acknowledge['member-unknown']",
                "the id of a rule that can be acknowledged",
                "Remove the member; the construct cannot write it to the template.",
            )
        ],
    ),
    "a finding about acknowledgements": (
        {"acknowledgement-unused": "x"},
        [
            (
                UNKNOWN,
                "acknowledge['acknowledgement-unused']",
                "the id of a rule",
                "Correct the id, or remove it.",
            )
        ],
    ),
    "an empty reason": (
        {"name-fixed": " "},
        [
            (
                "acknowledgement-reason-missing",
                "acknowledge['name-fixed']",
                "a reason",
                "Write in one sentence why the finding may stay.",
            )
        ],
    ),
    "a list": (
        ["name-fixed"],
        [
            (
                "argument-type-wrong",
                "acknowledge",
                "a mapping of rule ids to reasons",
                'Write {"rule-id": "why its findings may stay"}.',
            )
        ],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_acknowledgement_raises(case: str) -> None:
    given, expected = WRONG[case]
    stack = new_stack()
    findings = refused(lambda: EndpointConfig(stack, "Config", acknowledge=given))
    assert summaries_of(findings) == expected
    assert [(f.resource, f.file) for f in findings] == [("Stack/Config", __file__)]
    EndpointConfig(stack, "Config")  # the id is unused


def test_wrong_acknowledgement_by_the_method_raises() -> None:
    config = EndpointConfig(new_stack(), "Config")
    findings = refused(lambda: config.acknowledge("nam-fixed", reason=""))
    assert [finding.rule_id for finding in findings] == [UNKNOWN]


def test_unused_acknowledgement_is_a_warning_with_its_line() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config", acknowledge={KEY: REASON})
    add(config, "ml.m5.large")
    (finding,) = config.findings_at_synth()
    assert (finding.rule_id, finding.severity, finding.message) == (
        "acknowledgement-unused",
        Severity.WARNING,
        f"the acknowledgement of {KEY} is not needed, because the finding does not occur",
    )
    assert (finding.resource, finding.file) == ("Stack/Config", __file__)
    app = stack.node.root
    assert isinstance(app, cdk.App)
    (message,) = app.synth().get_stack_by_name("Stack").messages
    assert "[ack: cdk-epc::acknowledgement-unused]" in str(message.entry.data)


def test_acknowledged_custom_rule_is_in_the_template() -> None:
    """A check of the template need not know the rule."""
    rule = Rule(
        id="company-rule",
        title="",
        why="",
        eager=True,
        check=lambda spec: [
            Violation(path=(*path, "model_name"), got="m", must="be n", fix="Write n.")
            for path, _ in spec.variants()
        ],
    )
    stack = new_stack()
    config = EndpointConfig(stack, "Config", rules=[rule], acknowledge={"company-rule": REASON})
    add(config)
    assert [finding.rule_id for finding in config.acknowledged] == ["company-rule"]
    assert metadata_of(stack) == {"cdk-epc": {"acknowledge": {"company-rule": REASON}}}
    template = cdk.assertions.Template.from_stack(stack).to_json()
    assert_no_findings(template)


def test_findings_of_a_request() -> None:
    variant = {
        "VariantName": "v",
        "ModelName": "m",
        "InitialInstanceCount": 1,
        "InstanceType": LOCAL,
    }
    request = {
        "EndpointConfigName": "a",
        "ProductionVariants": [variant],
        "KmsKeyId": "alias/a",
    }
    stack = new_stack()
    findings = refused(lambda: EndpointConfig.from_request(stack, "A", request))
    assert [finding.rule_id for finding in findings] == [KEY]
    config = EndpointConfig.from_request(
        stack, "A", request, acknowledge={KEY: REASON, "name-fixed": "made once"}
    )
    assert [f.rule_id for f in config.acknowledged] == [KEY, "name-fixed"]
    assert config.to_request() == request


def test_hashed_name_is_acknowledged() -> None:
    app = new_app({"cdk-epc:profile": "strict"})
    stack = cdk.Stack(app, "Stack")
    config = EndpointConfig(stack, "Config", endpoint_config_name_prefix="churn")
    add(config, "ml.m5.large")
    reported = synth(app)
    assert (reported.failed, reported.violations) == (False, [])
    reason = "the name ends in a hash of the content, so it changes with it"
    assert [(s.rule, s.construct, s.reason) for s in reported.suppressed] == [
        ("name-fixed", "Stack/Config", reason)
    ]
    assert_no_findings(template_of(stack))


# --- on any construct ---


def l1_config(scope: cdk.Stack, id: str, **options: Any) -> CfnEndpointConfig:
    variant = {
        "variantName": "v",
        "modelName": "m",
        "initialInstanceCount": 1,
        "instanceType": LOCAL,
    }
    return CfnEndpointConfig(
        scope, id, production_variants=[variant], kms_key_id="alias/a", **options
    )


SCOPES: Mapping[str, Callable[[CfnEndpointConfig], Any]] = {
    "Stage/Stack/Config": lambda config: config,
    "Stage/Stack": lambda config: config.stack,
    "Stage": cdk.Stage.of,
    "": lambda config: config.node.root,
}


@pytest.mark.pin_only  # the lowest version of CDK reports no construct of the acknowledgement
@pytest.mark.parametrize("path", SCOPES)
def test_cdk_reports_the_reason(path: str) -> None:
    app = new_app()
    stack = cdk.Stack(cdk.Stage(app, "Stage"), "Stack")
    config, other = l1_config(stack, "Config"), l1_config(cdk.Stack(app, "Other"), "Config")
    acknowledge(SCOPES[path](config), KEY, reason=REASON)
    reported = synth(app)
    hidden = [Suppressed(KEY, "Stage/Stack/Config", REASON, path)]
    if path:
        assert [(v.rule, v.construct) for v in reported.violations] == [(KEY, other.node.path)]
    else:
        hidden.insert(0, Suppressed(KEY, "Other/Config", REASON, path))
        assert reported.violations == []
    assert reported.suppressed == hidden
    assert reported.failed == bool(path)


def test_acknowledgement_applies_to_its_construct_only() -> None:
    app = new_app()
    stack = cdk.Stack(app, "Stack")
    acknowledge(l1_config(stack, "One"), KEY, reason=REASON)
    l1_config(stack, "Two")
    reported = synth(app)
    assert reported.failed
    assert [(v.rule, v.construct) for v in reported.violations] == [(KEY, "Stack/Two")]
    assert [(s.rule, s.construct, s.reason) for s in reported.suppressed] == [
        (KEY, "Stack/One", REASON)
    ]


def test_construct_and_validator_report_once() -> None:
    app = new_app()
    config = EndpointConfig(
        cdk.Stack(app, "Stack"),
        "Config",
        encryption_key="alias/a",
        acknowledge={KEY: REASON, "name-fixed": "not needed"},
    )
    add(config)
    reported = synth(app)
    assert (reported.failed, reported.violations) == (False, [])  # the construct reports the rest
    assert [(s.rule, s.construct, s.reason) for s in reported.suppressed] == [
        (KEY, "Stack/Config", REASON)
    ]


def test_construct_uses_the_acknowledgements_of_its_stack() -> None:
    app = new_app()
    stack = cdk.Stack(app, "Stack")
    acknowledge(stack, KEY, reason=REASON)
    config = EndpointConfig(stack, "Config", encryption_key="alias/a")
    add(config)
    assert [(f.rule_id, f.acknowledged) for f in config.acknowledged] == [(KEY, REASON)]
    reported = synth(app)
    assert (reported.failed, reported.violations) == (False, [])
    assert [(s.rule, s.construct) for s in reported.suppressed] == [(KEY, "Stack/Config")]


def test_acknowledgement_of_the_l1_of_a_construct() -> None:
    app = new_app()
    config = EndpointConfig(cdk.Stack(app, "Stack"), "Config", encryption_key="alias/a")
    add(config, "ml.m5.large")
    resource = config.node.default_child
    assert isinstance(resource, CfnEndpointConfig)
    resource.add_property_override("ProductionVariants.0.InstanceType", LOCAL)
    acknowledge(resource, KEY, reason=REASON)
    reported = synth(app)
    assert (reported.failed, reported.violations) == (False, [])
    assert [(s.rule, s.at) for s in reported.suppressed] == [(KEY, "Stack/Config/Resource")]


@pytest.mark.pin_only  # the lowest version of CDK validates one environment at a time
def test_unused_acknowledgement_of_an_app() -> None:
    app = new_app()
    acknowledge(app, KEY, reason=REASON)
    acknowledge(app, "value-out-of-range", reason="nowhere")
    for name in ("One", "Two"):
        stack = cdk.Stack(app, name)
        l1_config(stack, "Config") if name == "One" else Bucket(stack, "Bucket")
    assert synth(app).violations == [
        PolicyViolation(
            "acknowledgement-unused",
            "warning",
            "",
            (),
            "the acknowledgement of value-out-of-range is not needed, because the finding does not "
            "occur",
        )
    ]


def test_validator_reports_misspelt_ids() -> None:
    app = new_app()
    config = l1_config(cdk.Stack(app, "Stack"), "Config")
    acknowledge(config, KEY, reason=REASON)
    acknowledge(config, "company-rule", reason="of a rule that only a construct has")
    acknowledge(config, "kms-key-with-local-storag", reason="x")
    reported = synth(app)
    assert reported.failed
    assert [(v.rule, v.severity, v.construct) for v in reported.violations] == [
        (UNKNOWN, "error", "Stack/Config")
    ]


def test_acknowledgement_in_an_included_template(tmp_path: Path) -> None:
    written = tmp_path / "written.json"
    properties = {
        "ProductionVariants": [
            {
                "VariantName": "v",
                "ModelName": "m",
                "InitialInstanceCount": 1,
                "InstanceType": LOCAL,
            }
        ],
        "KmsKeyId": "alias/a",
    }
    resource = {
        "Type": ENDPOINT_CONFIG,
        "Properties": properties,
        "Metadata": {"cdk-epc": {"acknowledge": {KEY: REASON}}},
    }
    written.write_text(json.dumps({"Resources": {"Written": resource}}), "utf-8")
    app = new_app()
    CfnInclude(cdk.Stack(app, "Stack"), "Included", template_file=str(written))
    del resource["Metadata"]
    (finding,) = check_template({"Resources": {"Written": resource}})
    note = PolicyViolation(
        KEY,
        "info",
        "Stack/Included/Written",
        ("Properties.KmsKeyId",),
        f"{finding.message}; acknowledged: {REASON}",
    )
    assert synth(app) == Reported(failed=False, violations=[note], suppressed=[])


def test_metadata_of_a_resource() -> None:
    stack = new_stack()
    config = l1_config(stack, "Config")
    config.add_metadata("cdk-epc", {"acknowledge": {"name-fixed": "by hand"}})
    acknowledge(config, KEY, reason=REASON)
    assert metadata_of(stack) == {
        "cdk-epc": {"acknowledge": {"name-fixed": "by hand", KEY: REASON}}
    }


def test_metadata_of_the_resource_in_an_l2() -> None:
    stack = new_stack()
    acknowledge(Bucket(stack, "Bucket"), "value-out-of-range", reason=REASON)
    (bucket,) = template_of(stack)["Resources"].values()
    assert bucket["Metadata"] == {"cdk-epc": {"acknowledge": {"value-out-of-range": REASON}}}


def test_function_on_a_configuration() -> None:
    config = EndpointConfig(new_stack(), "Config", encryption_key="alias/a")
    acknowledge(config, KEY, reason=REASON)
    add(config)
    assert [finding.rule_id for finding in config.acknowledged] == [KEY]
    assert [f.rule_id for f in refused(lambda: acknowledge(config, "a-b", reason="x"))] == [UNKNOWN]


@pytest.mark.parametrize(
    ("rule_id", "reason", "expected"),
    [
        ("Not An Id", "x", [UNKNOWN]),
        ("feature-repeated", "x", [UNKNOWN]),
        (3, "x", [UNKNOWN]),
        (KEY, "", ["acknowledgement-reason-missing"]),
        (KEY, None, ["acknowledgement-reason-missing"]),
        ("company-rule", "\n", ["acknowledgement-reason-missing"]),
    ],
)
def test_function_raises_on_a_wrong_acknowledgement(
    rule_id: Any, reason: Any, expected: list[str]
) -> None:
    stack = new_stack()
    findings = refused(lambda: acknowledge(stack, rule_id, reason=reason))
    assert [finding.rule_id for finding in findings] == expected
    assert [(f.resource, f.file) for f in findings] == [("Stack", __file__)]


def test_unused_acknowledgement_is_an_error_in_the_strict_profile() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config", acknowledge={KEY: REASON}, profile=Profile.STRICT)
    add(config, "ml.m5.large")
    with pytest.raises(RuntimeError, match="error acknowledgement-unused"):
        template_of(stack)
