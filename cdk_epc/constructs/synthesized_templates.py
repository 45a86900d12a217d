"""Templates that CDK has synthesized, with construct paths, nested stacks and acknowledgements.

A template has construct paths only if the CDK command line asked for them, and names its nested
stacks by a hash. The metadata in the cloud assembly and the construct tree have the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import attrs
import aws_cdk as cdk
from constructs import IConstruct

from cdk_epc._records import Record
from cdk_epc.constructs.duck_typing import construct_path
from cdk_epc.constructs.scope import ConstructScope, acknowledged_in, acknowledged_on
from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.templates import TemplateInput

_STACK: Final = "aws:cloudformation:stack"
_NESTED_STACK: Final = "AWS::CloudFormation::Stack"
_LOGICAL_ID: Final = "aws:cdk:logicalId"
_PATH: Final = "aws:cdk:path"

Metadata: TypeAlias = Mapping[str, list[dict[str, Any]]]
"""CDK's metadata entries by construct path."""
Reasons: TypeAlias = Mapping[str, Mapping[str, str]]
"""Reasons of acknowledgements by construct path and rule id."""


@attrs.frozen(eq=False, repr=False)
class SynthesizedTemplate(Record):
    """Template of a stack.

    Attributes:
        input: The template as the rules take it.
        stack: Construct path of the stack.
        paths: Construct paths of the resources, by logical id.
    """

    input: TemplateInput
    stack: str
    paths: Mapping[str, str]


@attrs.frozen(eq=False, repr=False)
class _Stack(Record):
    """Stack with its template, and the stacks nested in it by the logical id of their resource."""

    path: str
    file: Path
    template: dict[str, Any]
    nested: dict[str, _Stack]

    def recursively(self) -> Iterator[_Stack]:
        yield self
        for each in self.nested.values():
            yield from each.recursively()


@attrs.frozen(eq=False, repr=False)
class _Synthesized(Record):
    """Stack of an app, not nested, with its template.

    Attributes:
        path: Construct path of the stack.
        file: File with the template.
        region: Region of the stack, if it is known.
        account: Account of the stack, if it is known.
    """

    path: str
    file: Path
    region: str | None
    account: str | None


def synthesized_templates(context: cdk.IPolicyValidationContext) -> list[SynthesizedTemplate]:
    """Return all templates of a validation, each one before those of its nested stacks."""
    # An older CDK gives region and account once, for all stacks of the validation.
    given = (
        _Synthesized(
            each.stack_construct_path,
            Path(each.template_path),
            getattr(each, "region", context.region),
            getattr(each, "account_id", context.account_id),
        )
        for each in context.stack_templates
    )
    return _templates(context.app_construct, given)


def templates_of_stage(stage: cdk.Stage) -> list[SynthesizedTemplate]:
    """Return all templates of a stage that CDK has synthesized, without those of nested stages."""
    node, folder = stage.node, Path(stage.outdir)
    stacks = (each for each in node.find_all() if isinstance(each, cdk.Stack))
    path = node.path  # jsii can return another object for the app that CDK makes for a stack
    given = (
        _synthesized(each, folder)
        for each in stacks
        if each.nested_stack_parent is None and _path_of_stage(each) == path
    )
    return _templates(node.root, given)


def _synthesized(stack: cdk.Stack, folder: Path) -> _Synthesized:
    inside = ConstructScope(stack, "")
    file = folder / stack.template_file
    return _Synthesized(construct_path(stack), file, inside.region(), inside.account())


def _path_of_stage(stack: cdk.Stack) -> str | None:
    stage = cdk.Stage.of(stack)
    return None if stage is None else construct_path(stage)


def _templates(root: IConstruct, given: Iterable[_Synthesized]) -> list[SynthesizedTemplate]:
    metadata: dict[Path, dict[str, Metadata]] = {}
    names: dict[Path, dict[str, str]] = {}
    every: list[SynthesizedTemplate] = []
    for of in given:
        folder, name = of.file.parent, of.file.name
        if folder not in metadata:
            metadata[folder], names[folder] = _manifest_in(folder)
        of_stack = metadata[folder].get(name, {})
        stack = _stack(_find(root, of.path), of.file)
        acknowledged = {**_acknowledged_above(root, stack.path), **_acknowledged(of_stack)}
        for each in stack.recursively():
            paths = _paths(each, of_stack)
            template_input = TemplateInput(
                template=_with_paths(each.template, paths),
                name=str(each.file),
                region=of.region,
                account=of.account,
                nested={id_: str(inner.file) for id_, inner in each.nested.items()},
                acknowledged=acknowledged,
                stack_name=names[folder].get(name) if each is stack else None,
                is_bounded=True,
            )
            every.append(SynthesizedTemplate(template_input, each.path, paths))
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
    """Yield the stacks directly nested in a stack, each with the logical id of its resource."""
    for below in stack.node.find_all():
        if isinstance(below, cdk.NestedStack):
            parent, resource = below.nested_stack_parent, below.nested_stack_resource
            if parent is not None and parent is stack and resource is not None:
                yield parent.resolve(resource.logical_id), below


def _resources(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return the resources of a template; an included template can have any value there."""
    every = template.get("Resources")
    if not is_mapping(every):
        return {}
    return {id_: each for id_, each in every.items() if is_mapping(each)}


def _manifest_in(folder: Path) -> tuple[dict[str, Metadata], dict[str, str]]:
    """Return the metadata and the name of each stack of an assembly, by file name of its template.

    Args:
        folder: Folder of the cloud assembly.
    """
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    every: dict[str, Metadata] = {}
    names: dict[str, str] = {}
    for id_, artifact in manifest["artifacts"].items():
        if artifact["type"] == _STACK:
            metadata = artifact.get("metadata", {})
            if (additional := artifact.get("additionalMetadataFile")) is not None:
                metadata |= json.loads((folder / additional).read_text("utf-8"))
            properties = artifact["properties"]
            every[properties["templateFile"]] = {
                path.removeprefix("/"): entries for path, entries in metadata.items()
            }
            names[properties["templateFile"]] = properties.get("stackName", id_)
    return every, names


def _paths(stack: _Stack, metadata: Metadata) -> dict[str, str]:
    """Return the construct paths of a stack's resources by logical id, without nested stacks."""
    nested = tuple(f"{each.path}/" for each in stack.nested.values())
    return {
        entry["data"]: path
        for path, entries in metadata.items()
        if path.startswith(f"{stack.path}/") and not path.startswith(nested)
        for entry in entries
        if entry["type"] == _LOGICAL_ID
    }


def _with_paths(template: Mapping[str, Any], paths: Mapping[str, str]) -> Mapping[str, Any]:
    """Return a template with construct paths in the metadata, as the CDK command line adds them."""
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
    """Return the acknowledgements on the scopes around a stack, which no file contains."""
    above = [root]
    for step in path.split("/")[:-1]:
        above.append(above[-1].node.find_child(step))
    found = {each.node.path: acknowledged_on(each) for each in above}
    return {path: reasons for path, reasons in found.items() if reasons}
