"""Replacements as this library and the template diff of the pinned CDK CLI tell them."""

from __future__ import annotations

import copy
import json
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from kit.node import CDK_SCRIPT, NODE, needs_cdk_cli
from kit.published_models import installed_schema

from cdk_epc.catalog.replacements import create_only_properties
from cdk_epc.templates import TemplateInput
from cdk_epc.templates.app import App
from cdk_epc.updates.comparison import Comparison
from cdk_epc.updates.pairs import Pairs
from tools.docs.changes import CASES

pytestmark = [
    pytest.mark.pin_only,
    needs_cdk_cli,
]

Template = dict[str, Any]
Difference = tuple[str, str | None, str | None]
"""Resource, effect as this library tells it, and as the CLI does."""

BASE: Final = {"AWS::IAM::ManagedPolicy": {"PolicyDocument": {"Statement": []}}}
"""Properties that the CLI expects."""
FLEET: Final[Difference] = ("Endpoint", "WILL_UPDATE", None)
EXPLANATIONS: Final[dict[str, dict[str, Difference]]] = {
    "the CLI does not follow the name of a replaced resource to an endpoint that is updated in "
    "place": {
        case.title: FLEET
        for case in CASES
        if "the configuration is replaced" in case.cdk or "the alarm is replaced" in case.cdk
        if "endpoint" not in case.cdk
    },
    "CloudFormation's schema lists the property as conditional, and the CLI says MAY_REPLACE": {
        "AWS::EC2::Subnet Ipv6CidrBlock": ("R", "WILL_UPDATE", "MAY_REPLACE"),
        "AWS::EC2::VPC InstanceTenancy": ("R", "WILL_UPDATE", "MAY_REPLACE"),
    },
    "the CLI knows an older specification than the schema": {
        "AWS::S3::Bucket ObjectLockEnabled": ("R", "WILL_UPDATE", "WILL_REPLACE"),
    },
}


def of_properties() -> dict[str, tuple[Template, Template]]:
    """Return an update of each property of each type whose replacements this library knows."""
    found = {}
    for type_ in create_only_properties():
        schema = installed_schema(type_)
        for name, about in schema["properties"].items():
            if f"/properties/{name}" in schema["readOnlyProperties"]:
                continue  # no template has it
            old, new = (
                {
                    "Resources": {
                        "R": {
                            "Type": type_,
                            "Properties": {**BASE.get(type_, {}), name: of_kind(about, word)},
                        }
                    }
                }
                for word in ("old", "new")
            )
            found[f"{type_} {name}"] = old, new
    return found


def of_kind(about: dict[str, Any], word: str) -> Any:
    """Return a value of the kind of a property, with the parts that the CLI reads in policies."""
    kinds = about.get("type")
    part = {"Part": word, "Statement": [], "PolicyDocument": {"Statement": []}}
    has_texts = about.get("items", {}).get("type") == "string"
    values: dict[Any, Any] = {"array": [word if has_texts else part], "object": part}
    return values.get(kinds[0] if isinstance(kinds, list) else kinds, word)


def pairs() -> dict[str, tuple[Template, Template]]:
    of_cases = {each.title: (copy.deepcopy(dict(each.old)), each.new()) for each in CASES}
    return {**of_properties(), **of_cases}


def of_cdk(given: list[tuple[Template, Template]]) -> list[dict[str, str]]:
    done = subprocess.run(  # noqa: S603 - the script beside this file
        [NODE, Path(__file__).with_name("cdk_diff.js"), CDK_SCRIPT],
        input=json.dumps(given),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return list(json.loads(done.stdout))


def ours(old: Template, new: Template) -> dict[str, str]:
    apps = [App.of([TemplateInput(template=each)]) for each in (old, new)]
    comparison = Comparison(Pairs.of(*apps))
    found = {}
    for name in new["Resources"]:
        key = (0, name)
        if comparison.updated(key) is None:
            found[name] = "WILL_CREATE"
        elif comparison.replacing(key):
            found[name] = "WILL_REPLACE"
        elif comparison.changes(key):
            found[name] = "WILL_UPDATE"
    removed = old["Resources"].keys() - new["Resources"].keys()
    return {**found, **dict.fromkeys(removed, "WILL_DESTROY")}


def test_effects_are_those_of_the_cdk_cli_with_explained_differences() -> None:
    given = pairs()
    differences: dict[str, Difference] = {}
    effects = of_cdk(list(given.values()))
    for (title, sides), theirs in zip(given.items(), effects, strict=True):
        own = ours(*sides)
        for name in {*own, *theirs}:
            if own.get(name) != theirs.get(name):
                differences[title] = (name, own.get(name), theirs.get(name))
    assert differences == {k: v for each in EXPLANATIONS.values() for k, v in each.items()}
    assert sum("WILL_REPLACE" in each.values() for each in effects) > 90
