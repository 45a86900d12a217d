"""Tests of the validator and of its findings in CDK's report."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.aws_sagemaker import CfnEndpoint, CfnEndpointConfig, CfnModel
from aws_cdk.cloudformation_include import CfnInclude
from kit.node import CDK, needs_cdk_cli, with_node
from kit.reports import PolicyViolation, Reported, new_app, synth

from cdk_epc import (
    EndpointConfig,
    EndpointConfigError,
    EndpointValidator,
    InstanceType,
    ModelSpec,
    Rule,
    Violation,
    acknowledge,
    check_request,
    check_template,
)
from cdk_epc.requests import read_request
from cdk_epc.rules import RULES, check
from cdk_epc.rules.registry import DIAGNOSTICS
from cdk_epc.rules.update_registry import UPDATE_RULES
from cdk_epc.spec.wire import to_l1_arguments

DATA = Path(__file__).parent.parent / "data"
ACCEPTED = json.loads((DATA / "accepted_requests.json").read_text("utf-8"))
REJECTED = json.loads((DATA / "rejected_requests.json").read_text("utf-8"))

CONTAINER = {"image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"}
LOCAL = "ml.m5d.large"
KEY = "kms-key-with-local-storage"


def variant(**changes: Any) -> dict[str, Any]:
    given = {"variantName": "v", "modelName": "m", "initialInstanceCount": 1}
    return {**given, "instanceType": "ml.m5.large", **changes}


def l1_config(scope: cdk.Stack, id: str, **options: Any) -> CfnEndpointConfig:
    """Return an L1 configuration with a key that its instance type does not support."""
    return CfnEndpointConfig(
        scope,
        id,
        production_variants=[variant(instanceType=LOCAL)],
        kms_key_id="alias/a",
        **options,
    )


def key_violation(construct: str) -> PolicyViolation:
    """Return the violation of an L1 configuration, with the message of `check_template`."""
    config = {"Type": "AWS::SageMaker::EndpointConfig", "Properties": template_properties()}
    (finding,) = check_template({"Resources": {"Config": config}})
    assert finding.rule_id == KEY
    assert finding.message.startswith("KmsKeyId 'alias/a' is not allowed ")
    return PolicyViolation(KEY, "error", construct, ("Properties.KmsKeyId",), finding.message)


def from_l1(app: cdk.App) -> str:
    l1_config(cdk.Stack(app, "Stack"), "Config")
    return "Stack/Config"


def from_escape_hatch(app: cdk.App) -> str:
    config = EndpointConfig(cdk.Stack(app, "Stack"), "Config", encryption_key="alias/a")
    config.add_instance_variant(
        "v", model="m", instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
    )
    resource = config.node.default_child
    assert isinstance(resource, CfnEndpointConfig)
    resource.add_property_override("ProductionVariants.0.InstanceType", LOCAL)
    return "Stack/Config"


def from_any_resource(app: cdk.App) -> str:
    cdk.CfnResource(
        cdk.Stack(app, "Stack"),
        "Any",
        type="AWS::SageMaker::EndpointConfig",
        properties=template_properties(),
    )
    return "Stack/Any"


def template_properties() -> dict[str, Any]:
    wire = {name[0].upper() + name[1:]: value for name, value in variant().items()}
    return {"ProductionVariants": [{**wire, "InstanceType": LOCAL}], "KmsKeyId": "alias/a"}


def from_included_template(app: cdk.App, tmp: Path) -> str:
    template = {
        "Parameters": {"Type": {"Type": "String", "Default": LOCAL}},
        "Resources": {
            "Written": {
                "Type": "AWS::SageMaker::EndpointConfig",
                "Properties": template_properties(),
            }
        },
    }
    variants = template["Resources"]["Written"]["Properties"]["ProductionVariants"]  # type: ignore[index]
    variants[0]["InstanceType"] = {"Ref": "Type"}
    file = tmp / "written.json"
    file.write_text(json.dumps(template), "utf-8")
    CfnInclude(cdk.Stack(app, "Stack"), "Included", template_file=str(file))
    return "Stack/Included/Written"


def from_nested_stack(app: cdk.App) -> str:
    outer = cdk.NestedStack(cdk.Stack(app, "Stack"), "Outer")
    l1_config(cdk.NestedStack(outer, "Inner"), "Config")
    return "Stack/Outer/Inner/Config"


def from_nested_stage(app: cdk.App) -> str:
    stage = cdk.Stage(cdk.Stage(app, "Outer"), "Inner")
    l1_config(cdk.Stack(stage, "Stack"), "Config")
    return "Outer/Inner/Stack/Config"


@pytest.mark.parametrize(
    "write",
    [from_l1, from_escape_hatch, from_any_resource, from_nested_stack, from_nested_stage],
    ids=lambda write: write.__name__,
)
def test_validator_finds_the_violation(write: Callable[[cdk.App], str]) -> None:
    app = new_app()
    path = write(app)
    assert synth(app) == Reported(failed=True, violations=[key_violation(path)], suppressed=[])


def test_included_template_with_a_default(tmp_path: Path) -> None:
    app = new_app()
    path = from_included_template(app, tmp_path)
    expected = key_violation(path)
    text = f"{expected.text} (where parameter Type is {LOCAL})"
    assert synth(app).violations == [expected._replace(text=text)]


def test_two_stages_in_two_regions() -> None:
    app = new_app()
    for name, region in (("One", "eu-west-1"), ("Two", "us-east-1")):
        stage = cdk.Stage(app, name, env=cdk.Environment(region=region, account="111122223333"))
        l1_config(cdk.Stack(stage, "Stack"), "Config")
    paths = ["One/Stack/Config", "Two/Stack/Config"]
    assert synth(app).violations == [key_violation(path) for path in paths]


def test_plugin_of_a_stage_checks_that_stage_only() -> None:
    app = cdk.App(analytics_reporting=False)
    for name in ("Checked", "Unchecked"):
        stage = cdk.Stage(app, name)
        l1_config(cdk.Stack(stage, "Stack"), "Config")
        if name == "Checked":
            cdk.Validations.of(stage).add_plugins(EndpointValidator())
    assert synth(app).violations == [key_violation("Checked/Stack/Config")]


def test_validator_checks_models_and_endpoints() -> None:
    app = new_app()
    stack = cdk.Stack(app, "Stack")
    config = CfnEndpointConfig(stack, "Config", production_variants=[variant()])
    CfnEndpoint(stack, "Endpoint", endpoint_config_name=config.ref)
    CfnModel(stack, "Model", model_name="a_b", primary_container=CONTAINER)
    assert [each[:4] for each in synth(app).errors] == [
        (
            "endpoint-config-name-is-arn",
            "error",
            "Stack/Endpoint",
            ("Properties.EndpointConfigName",),
        ),
        ("value-pattern-mismatch", "error", "Stack/Model", ("Properties.ModelName",)),
    ]


def test_app_without_violations_passes() -> None:
    app = new_app()
    CfnEndpointConfig(cdk.Stack(app, "Stack"), "Config", production_variants=[variant()])
    assert synth(app) == Reported(failed=False, violations=[], suppressed=[])


def test_tokens_are_not_checked() -> None:
    app = new_app()
    stack = cdk.Stack(app, "Stack")
    text = cdk.CfnParameter(stack, "Text").value_as_string
    number = cdk.CfnParameter(stack, "Number", type="Number").value_as_number
    tokens = variant(instanceType=text, initialInstanceCount=number, modelName=text)
    CfnEndpointConfig(stack, "Config", production_variants=[tokens], kms_key_id=text)
    assert synth(app).violations == []


def test_accepted_requests_pass_as_l1_constructs() -> None:
    found = {}
    for case in ACCEPTED:
        app = new_app()
        spec = read_request(case["request"]).spec
        CfnEndpointConfig(cdk.Stack(app, "Stack"), "Config", **to_l1_arguments(spec))
        reported = synth(app)
        found[case["id"]] = (reported.failed, reported.errors)
    assert {id_: each for id_, each in found.items() if each != (False, [])} == {}


def test_rejected_requests_have_the_findings_of_check_request() -> None:
    """`check_request` and the validator report the same."""
    different = {}
    for case in REJECTED:
        app = new_app()
        config = CfnEndpointConfig(cdk.Stack(app, "Stack"), "Config", production_variants=[])
        for name, value in case["request"].items():
            config.add_property_override(name, value)
        spec = read_request(case["request"]).spec
        templates = check(spec, [rule for rule in RULES if rule.of_templates])
        expected = {
            (each.rule_id, str(each.severity), "Stack/Config", each.message)
            for each in [*check_request(case["request"]), *templates]
        }
        reported = synth(app)
        found = {(v.rule, v.severity, v.construct, v.text) for v in reported.violations}
        if not reported.failed or found != expected:
            different[case["id"]] = (reported.failed, found, expected)
    assert different == {}


def _no_name(model: ModelSpec) -> Any:
    if model.model_name is None:
        yield Violation(path=("model_name",), got=None, must="be a name", fix="Name the model.")


NAMED = Rule(
    id="company-model-name",
    title="Named",
    why="The company requires it.",
    about=(ModelSpec,),
    check=_no_name,
)


def test_custom_rule_checks_any_resource() -> None:
    app = new_app(rules=[NAMED])
    CfnModel(cdk.Stack(app, "Stack"), "Model", primary_container=CONTAINER)
    text = "ModelName is missing; must be a name"
    place = ("Properties.ModelName",)
    assert synth(app).violations == [
        PolicyViolation("company-model-name", "error", "Stack/Model", place, text)
    ]


def test_custom_rule_with_a_built_in_id_raises() -> None:
    repeated = Rule(id="value-out-of-range", title="", why="", check=lambda _: ())
    with pytest.raises(EndpointConfigError) as error:
        EndpointValidator(rules=[repeated])
    (finding,) = error.value.findings
    assert (finding.rule_id, finding.path, finding.file) == ("rule-id-repeated", "rules", __file__)


@pytest.mark.parametrize("wrong", ["security", NAMED, [NAMED, "security"]])
def test_other_rules_raise_at_the_call(wrong: Any) -> None:
    with pytest.raises(EndpointConfigError, match=r"rules is .*; must be a list of rules") as error:
        EndpointValidator(rules=wrong)
    assert error.value.findings[0].file == __file__
    for function in (check_template, check_request):
        with pytest.raises(TypeError, match=r"^rules must be a list of rules \(Rule\), got "):
            function({}, rules=wrong)


def test_name_version_and_rule_ids_of_the_plugin() -> None:
    validator = EndpointValidator(rules=[NAMED, NAMED])
    assert validator.name == "cdk-epc"
    assert validator.rule_ids == [
        *(each.id for each in (*DIAGNOSTICS, *UPDATE_RULES)),
        NAMED.id,
    ]
    assert [int(part) >= 0 for part in validator.version.split(".")] == [True] * 3


def test_an_update_of_the_deployed_app(tmp_path: Path) -> None:
    def app(outdir: str, name: str, **given: Any) -> cdk.App:
        made = cdk.App(analytics_reporting=False, outdir=str(tmp_path / outdir), **given)
        stack = cdk.Stack(cdk.Stage(made, "Prod"), "Stack")
        variants = [variant(modelName=name)]
        CfnEndpointConfig(
            stack, "Config", endpoint_config_name="fraud", production_variants=variants
        )
        return made

    deployed = app("deployed", "fraud-7")
    deployed.synth()
    folder = str(tmp_path / "deployed")
    new = app("argument", "fraud-8")
    cdk.Validations.of(new).add_plugins(EndpointValidator(previous=tmp_path / "deployed"))
    by_context = app("context", "fraud-8", context={"cdk-epc:previous": folder})
    cdk.Validations.of(by_context).add_plugins(EndpointValidator())
    for each in (new, by_context):
        (violation,) = synth(each).errors
        assert violation[:3] == ("config-replaced-under-name", "error", "Prod/Stack/Config")
    accepted = app("accepted", "fraud-8", context={"cdk-epc:previous": folder})
    cdk.Validations.of(accepted).add_plugins(EndpointValidator())
    acknowledge(accepted, "config-replaced-under-name", reason="It was deleted by hand.")
    assert synth(accepted).errors == []


def test_warning_of_a_construct_is_reported_once() -> None:
    app = new_app()
    stack = cdk.Stack(app, "Stack")
    for id_, name in (("One", "fixed-1"), ("Two", "fixed-2")):
        config = EndpointConfig(stack, id_, endpoint_config_name=name)
        config.add_instance_variant(
            "v", model="m", instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
        )
    resource = config.node.default_child
    assert isinstance(resource, CfnEndpointConfig)
    resource.add_property_override("ProductionVariants.0.InstanceType", "ml.z9.large")
    # Only the escape hatch is new; the constructs have reported the rest.
    assert [(v.rule, v.construct) for v in synth(app).violations] == [
        ("instance-type-unknown", "Stack/Two")
    ]


def test_custom_rule_that_raises_fails_synth() -> None:
    broken = Rule(id="company-broken", title="", why="", check=lambda spec: spec.no_such_member)
    app = new_app(rules=[broken])
    CfnEndpointConfig(cdk.Stack(app, "Stack"), "Config", production_variants=[variant()])
    message = (
        r"rule company-broken raises AttributeError: .* 'no_such_member' \(.*test_validator\.py:"
    )
    with pytest.raises(RuntimeError, match=message):
        app.synth()


APP = """
import aws_cdk as cdk
from aws_cdk.aws_sagemaker import CfnEndpointConfig
from cdk_epc import EndpointValidator

app = cdk.App(analytics_reporting=False)
cdk.Validations.of(app).add_plugins(EndpointValidator())
variant = {"variantName": "v", "modelName": "m", "initialInstanceCount": 0}
variants = [{**variant, "instanceType": "ml.m5.large"}]
CfnEndpointConfig(cdk.Stack(app, "Stack"), "Config", production_variants=variants)
app.synth()
"""


@pytest.mark.pin_only
@needs_cdk_cli
def test_cdk_command_line_shows_the_report_and_fails(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP, "utf-8")
    command = [str(CDK), "synth", "--quiet", "--no-notices", "--no-lookups"]
    done = subprocess.run(  # noqa: S603 - ours
        [*command, "-a", f"{sys.executable} app.py"],
        check=False,
        cwd=tmp_path,
        env=with_node(),
        capture_output=True,
        text=True,
    )
    shown = done.stdout + done.stderr
    assert done.returncode == 1
    assert "ProductionVariants[0].InitialInstanceCount is 0; must be 1 or more" in shown
    assert "Stack/Config" in shown
    assert "Acknowledge with 'cdk-epc::value-out-of-range'" in shown
    assert "Traceback" not in shown
