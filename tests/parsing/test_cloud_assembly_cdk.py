"""Cloud assemblies that CDK writes; excluded from mutation tests, because they start Node."""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sagemaker as sagemaker

from cdk_epc.parsing.cloud_assembly import AssemblyTemplate, is_assembly, read_assembly
from cdk_epc.parsing.folder import walk

COMMAND_LINE = {"aws:cdk:enable-path-metadata": True, "aws:cdk:enable-asset-metadata": True}


def _configuration(scope: cdk.Stack, **acknowledged: str) -> None:
    config = sagemaker.CfnEndpointConfig(
        scope,
        "Config",
        production_variants=[{"variantName": "A", "modelName": "m", "initialVariantWeight": 1}],
    )
    _acknowledge(config, **acknowledged)


def _acknowledge(scope: cdk.Stack | cdk.CfnResource, **reasons: str) -> None:
    for name, reason in reasons.items():
        id_ = f"cdk-epc::{name.replace('_', '-')}"
        cdk.Validations.of(scope).acknowledge(cdk.Acknowledgment(id=id_, reason=reason))


def _synthesise(folder: Path, context: dict[str, Any]) -> list[AssemblyTemplate]:
    """A stack with a nested one in a nested one, and a stage with a stack with a nested one."""
    app = cdk.App(outdir=str(folder), context=context, analytics_reporting=False)
    stack = cdk.Stack(app, "Top", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    _configuration(stack, a_b="because", c_d="so")
    _acknowledge(stack, e_f="of the stack")
    cdk.Validations.of(stack).acknowledge(cdk.Acknowledgment(id="other::x", reason="not ours"))
    nested = cdk.NestedStack(stack, "Nested")
    _configuration(nested)
    _acknowledge(nested, g_h="of the nested stack")
    _configuration(cdk.NestedStack(nested, "Deeper"), i_j="deep")
    stage = cdk.Stage(app, "Prod")
    inner = cdk.Stack(stage, "Inner", env=cdk.Environment(region="us-east-1"))
    _configuration(inner)
    _configuration(cdk.NestedStack(inner, "Nested"), k_l="in a stage")
    app.synth()
    return read_assembly(folder)


def _paths(template: AssemblyTemplate) -> set[str]:
    resources = template.template["Resources"].values()
    return {each["Metadata"]["aws:cdk:path"] for each in resources}


def _expect(found: list[AssemblyTemplate], folder: Path) -> None:
    by_name = {each.name: each for each in found}
    deployed = {
        each.name.split(".")[0].rstrip("0123456789ABCDEF"): (each.region, each.account)
        for each in found
    }
    assert deployed == {
        "assembly-Prod/ProdInner": ("us-east-1", None),
        "assembly-Prod/ProdInnerNested": ("us-east-1", None),
        "Top": ("eu-west-1", "111122223333"),
        "TopNested": ("eu-west-1", "111122223333"),
        "TopNestedDeeper": ("eu-west-1", "111122223333"),
    }
    assert all(each.path == folder / each.name for each in found)
    stage, stage_nested, top, nested, deeper = found
    assert [[by_name[name] for name in each.nested.values()] for each in found] == [
        [stage_nested],
        [],
        [nested],
        [deeper],
        [],
    ]
    assert _paths(top) == {"Top/Config", "Top/Nested.NestedStack/Nested.NestedStackResource"}
    assert _paths(deeper) == {"Top/Nested/Deeper/Config"}
    assert _paths(stage_nested) == {"Prod/Inner/Nested/Config"}
    assert stage.acknowledged == {"Prod/Inner/Nested/Config": {"k-l": "in a stage"}}
    assert (
        top.acknowledged
        == deeper.acknowledged
        == {
            "Top": {"e-f": "of the stack"},
            "Top/Config": {"a-b": "because", "c-d": "so"},
            "Top/Nested": {"g-h": "of the nested stack"},
            "Top/Nested/Deeper/Config": {"i-j": "deep"},
        }
    )
    assert top.document.positions([("Resources", "Config")]) == {("Resources", "Config"): (3, 3)}


def test_assembly_of_the_command_line(tmp_path: Path):
    folder = tmp_path / "cdk.out"
    _expect(_synthesise(folder, COMMAND_LINE), folder)
    assert is_assembly(folder)
    assert list(walk(tmp_path)) == [folder]


@pytest.mark.pin_only  # older versions of CDK do not write the files of nested stacks
def test_assembly_without_the_command_line(tmp_path: Path):
    _expect(_synthesise(tmp_path, {}), tmp_path)
