"""The validator: whatever writes a configuration, CDK's report names the construct and the rule."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.aws_sagemaker import CfnEndpoint, CfnEndpointConfig, CfnModel
from aws_cdk.cloudformation_include import CfnInclude
from kit.reports import PolicyViolation, Reported, new_app, synth

from cdk_epc import (
    EndpointConfig,
    EndpointConfigError,
    EndpointValidator,
    InstanceType,
    ModelSpec,
    Rule,
    Violation,
    check_request,
)
from cdk_epc.requests import read_request
from cdk_epc.rules import RULES, check
from cdk_epc.spec.wire import to_l1_arguments

DATA = Path(__file__).parent.parent / "data"
ACCEPTED = json.loads((DATA / "accepted_requests.json").read_text("utf-8"))
REJECTED = json.loads((DATA / "rejected_requests.json").read_text("utf-8"))
CDK = Path(__file__).parents[2] / "node_modules" / ".bin" / "cdk"
NODE = Path(os.environ.get("JSII_NODE") or sys.executable).parent

LOCAL = "ml.m5d.large"
KEY = "kms-key-with-local-storage"
KEY_TEXT = f"KmsKeyId is 'alias/a'; allowed: nothing, for {LOCAL} has local NVMe storage"


def variant(**changes: Any) -> dict[str, Any]:
    given = {"variantName": "v", "modelName": "m", "initialInstanceCount": 1}
    return {**given, "instanceType": "ml.m5.large", **changes}


def raw(scope: cdk.Stack, id: str, **options: Any) -> CfnEndpointConfig:
    """A configuration of CDK's own with a key that its instances refuse."""
    return CfnEndpointConfig(
        scope,
        id,
        production_variants=[variant(instanceType=LOCAL)],
        kms_key_id="alias/a",
        **options,
    )


def refused_key(construct: str) -> PolicyViolation:
    return PolicyViolation(KEY, "error", construct, ("Properties.KmsKeyId",), KEY_TEXT)


def from_raw(app: cdk.App) -> str:
    raw(cdk.Stack(app, "Stack"), "Config")
    return "Stack/Config"


def from_escape_hatch(app: cdk.App) -> str:
    config = EndpointConfig(cdk.Stack(app, "Stack"), "Config", encryption_key="alias/a")
    config.add_instance_variant(
        "v", model="m", instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
    )
    resource = config.node.default_child
    assert isinstance(resource, CfnEndpointConfig)
    resource.add_property_override("ProductionVariants.0.InstanceType", LOCAL)
    return "Stack/Config/Resource"


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
    raw(cdk.NestedStack(outer, "Inner"), "Config")
    return "Stack/Outer/Inner/Config"


def from_nested_stage(app: cdk.App) -> str:
    stage = cdk.Stage(cdk.Stage(app, "Outer"), "Inner")
    raw(cdk.Stack(stage, "Stack"), "Config")
    return "Outer/Inner/Stack/Config"


@pytest.mark.parametrize(
    "write",
    [from_raw, from_escape_hatch, from_any_resource, from_nested_stack, from_nested_stage],
    ids=lambda write: write.__name__,
)
def test_whoever_wrote_it(write: Callable[[cdk.App], str]) -> None:
    app = new_app()
    path = write(app)
    assert synth(app) == Reported(failed=True, violations=[refused_key(path)], suppressed=[])


def test_an_included_template_with_a_default(tmp_path: Path) -> None:
    app = new_app()
    path = from_included_template(app, tmp_path)
    text = f"{KEY_TEXT} (where parameter Type is {LOCAL})"
    assert synth(app).violations == [refused_key(path)._replace(text=text)]


def test_two_stages_in_two_regions() -> None:
    app = new_app()
    for name, region in (("One", "eu-west-1"), ("Two", "us-east-1")):
        stage = cdk.Stage(app, name, env=cdk.Environment(region=region, account="111122223333"))
        raw(cdk.Stack(stage, "Stack"), "Config")
    paths = ["One/Stack/Config", "Two/Stack/Config"]
    assert synth(app).violations == [refused_key(path) for path in paths]


def test_a_plugin_on_a_stage_guards_that_stage_alone() -> None:
    app = cdk.App(analytics_reporting=False)
    for name in ("Guarded", "Free"):
        stage = cdk.Stage(app, name)
        raw(cdk.Stack(stage, "Stack"), "Config")
        if name == "Guarded":
            cdk.Validations.of(stage).add_plugins(EndpointValidator())
    assert synth(app).violations == [refused_key("Guarded/Stack/Config")]


def test_models_and_endpoints_are_guarded_too() -> None:
    app = new_app()
    stack = cdk.Stack(app, "Stack")
    config = CfnEndpointConfig(stack, "Config", production_variants=[variant()])
    CfnEndpoint(stack, "Endpoint", endpoint_config_name=config.ref)
    CfnModel(stack, "Model", model_name="a_b", primary_container={"image": "i"})
    assert [each[:4] for each in synth(app).errors] == [
        (
            "endpoint-config-name-is-arn",
            "error",
            "Stack/Endpoint",
            ("Properties.EndpointConfigName",),
        ),
        ("value-pattern-mismatch", "error", "Stack/Model", ("Properties.ModelName",)),
    ]


def test_an_app_without_violation_passes() -> None:
    app = new_app()
    CfnEndpointConfig(cdk.Stack(app, "Stack"), "Config", production_variants=[variant()])
    assert synth(app) == Reported(failed=False, violations=[], suppressed=[])


def test_tokens_are_never_judged() -> None:
    app = new_app()
    stack = cdk.Stack(app, "Stack")
    text = cdk.CfnParameter(stack, "Text").value_as_string
    number = cdk.CfnParameter(stack, "Number", type="Number").value_as_number
    tokens = variant(instanceType=text, initialInstanceCount=number, modelName=text)
    CfnEndpointConfig(stack, "Config", production_variants=[tokens], kms_key_id=text)
    assert synth(app).violations == []


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case["id"])
def test_accepted_request_passes_in_cdks_own_construct(case: dict[str, Any]) -> None:
    app = new_app()
    spec = read_request(case["request"]).spec
    CfnEndpointConfig(cdk.Stack(app, "Stack"), "Config", **to_l1_arguments(spec))
    reported = synth(app)
    assert (reported.failed, reported.errors) == (False, [])


@pytest.mark.parametrize("case", REJECTED, ids=lambda case: case["id"])
def test_rejected_request_is_refused_as_by_the_other_door(case: dict[str, Any]) -> None:
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
    assert reported.failed
    assert {(v.rule, v.severity, v.construct, v.text) for v in reported.violations} == expected


def _no_name(model: ModelSpec) -> Any:
    if model.model_name is None:
        yield Violation(path=("model_name",), got=None, allowed="a name", fix="Name the model.")


NAMED = Rule(
    id="company-model-name", title="Named", why="Cost.", about=(ModelSpec,), check=_no_name
)


def test_rules_of_ones_own_are_about_any_subject() -> None:
    app = new_app(rules=[NAMED])
    CfnModel(cdk.Stack(app, "Stack"), "Model", primary_container={"image": "i"})
    text = "ModelName is missing; allowed: a name"
    place = ("Properties.ModelName",)
    assert synth(app).violations == [
        PolicyViolation("company-model-name", "error", "Stack/Model", place, text)
    ]


def test_a_rule_of_ones_own_has_an_id_of_its_own() -> None:
    impostor = Rule(id="value-out-of-range", title="", why="", check=lambda _: ())
    with pytest.raises(EndpointConfigError) as refused:
        EndpointValidator(rules=[impostor])
    (finding,) = refused.value.findings
    assert (finding.rule_id, finding.path, finding.file) == ("rule-id-repeated", "rules", __file__)


def test_what_cdk_asks_of_a_plugin() -> None:
    validator = EndpointValidator(rules=[NAMED, NAMED])
    assert validator.name == "cdk-epc"
    assert validator.rule_ids == [*(rule.id for rule in RULES), NAMED.id]
    assert [int(part) >= 0 for part in validator.version.split(".")] == [True] * 3


def test_a_warning_of_the_construct_is_not_said_twice() -> None:
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
    # What the escape hatch wrote is news; what the constructs know is not.
    assert [(v.rule, v.construct) for v in synth(app).violations] == [
        ("instance-type-unknown", "Stack/Two/Resource")
    ]


def test_a_broken_rule_of_ones_own_is_told_and_fails() -> None:
    broken = Rule(id="company-broken", title="", why="", check=lambda spec: spec.no_such_member)
    app = new_app(rules=[broken])
    CfnEndpointConfig(cdk.Stack(app, "Stack"), "Config", production_variants=[variant()])
    with pytest.raises(RuntimeError, match=r"plugin 'cdk-epc' failed: .* 'no_such_member'"):
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
@pytest.mark.skipif(not CDK.exists(), reason="node_modules is there after `make synth` alone")
def test_the_command_line_of_cdk_shows_the_report_and_fails(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP, "utf-8")
    command = [str(CDK), "synth", "--quiet", "--no-notices", "--no-lookups"]
    quiet = {"CDK_DISABLE_CLI_TELEMETRY": "true", "CDK_DISABLE_VERSION_CHECK": "true"}
    done = subprocess.run(  # noqa: S603 - ours
        [*command, "-a", f"{sys.executable} app.py"],
        check=False,
        cwd=tmp_path,
        env={**os.environ, **quiet, "PATH": f"{NODE}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    shown = done.stdout + done.stderr
    assert done.returncode == 1
    assert "ProductionVariants[0].InitialInstanceCount is 0; allowed: 1" in shown
    assert "Stack/Config" in shown
    assert "Acknowledge with 'cdk-epc::value-out-of-range'" in shown
    assert "Traceback" not in shown
