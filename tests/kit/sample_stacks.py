"""The sample app, synthesized as by the CDK command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cdk_epc.testing import project_context
from sample_app.app import REGIONS, build, stage_id
from sample_app.stage import USE_CASES as _USE_CASES

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk.cx_api import CloudAssembly, CloudFormationStackArtifact

ROOT: Final = Path(__file__).parents[2]
USE_CASES: Final = sorted(_USE_CASES)
REGION: Final = REGIONS[0]


def shop_app() -> cdk.App:
    """Return the app with the context of ``cdk.json`` and of ``cdk.context.json``."""
    return build(shop_context())


def shop_context() -> dict[str, Any]:
    """Return the context that the CDK command line passes."""
    return project_context(ROOT / "cdk.json")


def shop() -> CloudAssembly:
    """Return the cloud assembly of the app."""
    return shop_app().synth()


def stack_of(
    assembly: CloudAssembly, name: str, region: str = REGION
) -> CloudFormationStackArtifact:
    """Return one stack of a region."""
    nested = assembly.get_nested_assembly(f"assembly-{stage_id(region)}")
    (stack,) = (each for each in nested.stacks if each.stack_name.endswith(f"-{name}"))
    return stack


def resources(assembly: CloudAssembly, name: str, type_: str) -> list[dict[str, Any]]:
    """Return the properties of the resources of one type in a stack."""
    return resources_in(stack_of(assembly, name), type_)


def resources_in(stack: CloudFormationStackArtifact, type_: str) -> list[dict[str, Any]]:
    """Return the properties of the resources of one type."""
    every = stack.template["Resources"].values()
    return [each["Properties"] for each in every if each["Type"] == type_]
