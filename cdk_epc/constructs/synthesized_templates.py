"""The templates that CDK wrote, each with what CDK knows of its surroundings.

A template says nothing of construct paths unless the CDK command line asked for it, and nothing of
the stacks nested in it but a hash; the metadata beside it and the construct tree do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import attrs
import aws_cdk as cdk
from constructs import IConstruct

from cdk_epc.constructs.scope import acknowledged_in, acknowledged_on
from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.templates import TemplateInput

_STACK: Final = "aws:cloudformation:stack"
_NESTED_STACK: Final = "AWS::CloudFormation::Stack"
_LOGICAL_ID: Final = "aws:cdk:logicalId"
_PATH: Final = "aws:cdk:path"

Metadata: TypeAlias = Mapping[str, list[dict[str, Any]]]
"""CDK's metadata entries, by construct path."""
Reasons: TypeAlias = Mapping[str, Mapping[str, str]]
"""Why the findings of a rule may stay: by construct path, then by the rule's id."""


@attrs.frozen
class WrittenTemplate:
    """A template of an app.

    Attributes:
        placed: It, as the rules take it.
        stack: The construct path of its stack.
        paths: The construct paths of its resources, by their logical ids.
    """

    placed: TemplateInput
    stack: str
    paths: Mapping[str, str]


@attrs.frozen
class _Stack:
    """A stack, nested or not: its construct path, its file, what is in it, and those nested."""

    path: str
    file: Path
    template: dict[str, Any]
    nested: dict[str, _Stack]

    def recursively(self) -> Iterator[_Stack]:
        yield self
        for each in self.nested.values():
            yield from each.recursively()


def written_templates(context: cdk.IPolicyValidationContext) -> list[WrittenTemplate]:
    """Every template that a validation is about, those of nested stacks behind their parent's."""
    root = context.app_construct
    metadata: dict[Path, dict[str, Metadata]] = {}
    every: list[WrittenTemplate] = []
    for given in context.stack_templates:
        file = Path(given.template_path)
        if file.parent not in metadata:
            metadata[file.parent] = _metadata_in(file.parent)
        here = metadata[file.parent].get(file.name, {})
        stack = _stack(_find(root, given.stack_construct_path), file)
        acknowledged = {**_acknowledged_above(root, stack.path), **_acknowledged(here)}
        # An older CDK says region and account once, for all stacks that it asks about.
        region = getattr(given, "region", context.region)
        account = getattr(given, "account_id", context.account_id)
        for each in stack.recursively():
            paths = _paths(each, here)
            placed = TemplateInput(
                template=_with_paths(each.template, paths),
                name=str(each.file),
                region=region,
                account=account,
                nested={id_: str(inner.file) for id_, inner in each.nested.items()},
                acknowledged=acknowledged,
            )
            every.append(WrittenTemplate(placed, each.path, paths))
    return every


def _find(root: IConstruct, path: str) -> IConstruct:
    for step in path.split("/"):
        root = root.node.find_child(step)
    return root


def _stack(stack: IConstruct, file: Path) -> _Stack:
    template = json.loads(file.read_text("utf-8"))
    nested: dict[str, _Stack] = {}
    if any(each.get("Type") == _NESTED_STACK for each in _resources(template).values()):
        for logical_id, inner in _nested_in(stack):
            nested[logical_id] = _stack(inner, file.parent / inner.template_file)
    return _Stack(stack.node.path, file, template, nested)


def _nested_in(stack: IConstruct) -> Iterator[tuple[str, cdk.NestedStack]]:
    """The stacks right inside a stack, with the logical ids of their resources there."""
    for below in stack.node.find_all():
        if isinstance(below, cdk.NestedStack):
            parent, resource = below.nested_stack_parent, below.nested_stack_resource
            if parent is not None and parent is stack and resource is not None:
                yield parent.resolve(resource.logical_id), below


def _resources(template: Mapping[str, Any]) -> dict[str, Any]:
    """Those that a template has; the body of an included one may be anything."""
    every = template.get("Resources")
    if not is_mapping(every):
        return {}
    return {id_: each for id_, each in every.items() if is_mapping(each)}


def _metadata_in(folder: Path) -> dict[str, Metadata]:
    """The metadata of each stack of a cloud assembly, by the name of its template's file."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    every: dict[str, Metadata] = {}
    for artifact in manifest["artifacts"].values():
        if artifact["type"] == _STACK:
            metadata = artifact.get("metadata", {})
            if (beside := artifact.get("additionalMetadataFile")) is not None:
                metadata |= json.loads((folder / beside).read_text("utf-8"))
            every[artifact["properties"]["templateFile"]] = {
                path.removeprefix("/"): entries for path, entries in metadata.items()
            }
    return every


def _paths(stack: _Stack, metadata: Metadata) -> dict[str, str]:
    """The construct paths in a stack, those in the stacks nested in it left out, by logical ids."""
    elsewhere = tuple(f"{each.path}/" for each in stack.nested.values())
    return {
        entry["data"]: path
        for path, entries in metadata.items()
        if path.startswith(f"{stack.path}/") and not path.startswith(elsewhere)
        for entry in entries
        if entry["type"] == _LOGICAL_ID
    }


def _with_paths(template: Mapping[str, Any], paths: Mapping[str, str]) -> Mapping[str, Any]:
    """The template with the construct paths in it, as the CDK command line has them written."""
    with_paths = {
        id_: {**each, "Metadata": {**each.get("Metadata", {}), _PATH: paths[id_]}}
        for id_, each in _resources(template).items()
        if id_ in paths and is_mapping(each.get("Metadata", {}))
    }
    if not with_paths:
        return template
    return {**template, "Resources": {**template["Resources"], **with_paths}}


def _acknowledged(metadata: Metadata) -> Reasons:
    found = {
        path: dict(
            pair for entry in entries for pair in acknowledged_in(entry["type"], entry.get("data"))
        )
        for path, entries in metadata.items()
    }
    return {path: reasons for path, reasons in found.items() if reasons}


def _acknowledged_above(root: IConstruct, path: str) -> Reasons:
    """The same of the scopes that a stack is in, which no file tells of."""
    above = [root]
    for step in path.split("/")[:-1]:
        above.append(above[-1].node.find_child(step))
    found = {each.node.path: acknowledged_on(each) for each in above}
    return {path: reasons for path, reasons in found.items() if reasons}
