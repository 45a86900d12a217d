"""The sample app, synthesised as the CDK command line does it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sample_app.app import REGIONS, build, stage_id
from sample_app.stage import STORIES as _STORIES

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk.cx_api import CloudAssembly, CloudFormationStackArtifact

ROOT: Final = Path(__file__).parents[2]
STORIES: Final = sorted(_STORIES)
REGION: Final = REGIONS[0]


def shop_app() -> cdk.App:
    """The app with the context of ``cdk.json``."""
    return build(json.loads((ROOT / "cdk.json").read_text("utf-8"))["context"])


def shop() -> CloudAssembly:
    """Its assembly."""
    return shop_app().synth()


def stack_of(
    assembly: CloudAssembly, name: str, region: str = REGION
) -> CloudFormationStackArtifact:
    """One of the stacks of a region."""
    nested = assembly.get_nested_assembly(f"assembly-{stage_id(region)}")
    (stack,) = (each for each in nested.stacks if each.stack_name.endswith(f"-{name}"))
    return stack


def resources(assembly: CloudAssembly, name: str, kind: str) -> list[dict[str, Any]]:
    """The properties of the resources of a type in one of the stacks."""
    every = stack_of(assembly, name).template["Resources"].values()
    return [each["Properties"] for each in every if each["Type"] == kind]
