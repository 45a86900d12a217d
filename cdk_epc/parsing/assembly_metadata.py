"""What CDK notes about the constructs of a stack, in the manifest or in a file beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from cdk_epc.spec.unresolved import is_list, is_mapping

_ACKNOWLEDGED: Final = "aws:cdk:acknowledged-rules"
_LOGICAL_ID: Final = "aws:cdk:logicalId"
_TEMPLATE_FILE: Final = "aws:cdk:templateFile"
_PATH: Final = "aws:cdk:path"
_OURS: Final = "cdk-epc::"


@attrs.frozen(kw_only=True)
class StackMetadata:
    """The entries of a stack and of the stacks nested in it that matter here.

    Construct paths are without the slash in front, as in ``aws:cdk:path``.

    Attributes:
        acknowledged: The reasons by rule id, by construct path.
        logical_ids: Logical ids by construct path.
        files: The templates' files by the construct path of their stack, relative to the assembly
            that the stack is in. An older CDK does not say.
    """

    acknowledged: Mapping[str, Mapping[str, str]]
    logical_ids: Mapping[str, str]
    files: Mapping[str, str]

    @classmethod
    def of(cls, metadata: Mapping[str, Any]) -> StackMetadata:
        """Pick them out of CDK's; entries of another form are none of ours."""
        acknowledged: dict[str, dict[str, str]] = {}
        ids: dict[str, str] = {}
        files: dict[str, str] = {}
        for path, kind, data in _entries(metadata):
            if kind == _ACKNOWLEDGED and is_mapping(data):
                if reasons := _reasons(data):
                    acknowledged.setdefault(path, {}).update(reasons)
            elif kind == _LOGICAL_ID and isinstance(data, str):
                ids[path] = data
            elif kind == _TEMPLATE_FILE and isinstance(data, str):
                files[path] = data
        return cls(acknowledged=acknowledged, logical_ids=ids, files=files)

    def nested_in(self, name: str) -> dict[str, str]:
        """The files of the stacks nested directly in that of a template, by logical ids.

        Args:
            name: The template's file, below whatever folder.
        """
        found: dict[str, str] = {}
        for stack, file in self.files.items():
            scope, _, id_ = stack.rpartition("/")
            # CDK puts the resource beside the nested stack that it stands for.
            resource = f"{scope}/{id_}.NestedStack/{id_}.NestedStackResource"
            if resource in self.logical_ids and self._is_in(resource, name):
                found[self.logical_ids[resource]] = file
        return found

    def with_paths(self, template: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        """The template with the construct paths of its resources, where it has none itself."""
        resources = template.get("Resources")
        if not is_mapping(resources):
            return template
        paths = {id_: path for path, id_ in self.logical_ids.items() if self._is_in(path, name)}
        changed = {
            id_: _with_path(each, paths[id_]) for id_, each in resources.items() if id_ in paths
        }
        return {**template, "Resources": {**resources, **changed}}

    def _is_in(self, path: str, name: str) -> bool:
        """Whether the stack that a construct is in, nested or not, has that template."""
        stack = path
        while stack:
            stack = stack.rpartition("/")[0]
            if stack in self.files:
                return name.rpartition("/")[2] == self.files[stack].rpartition("/")[2]
        return False


def _entries(metadata: Mapping[str, Any]) -> Iterator[tuple[str, object, object]]:
    for path, entries in metadata.items():
        for entry in entries if is_list(entries) else ():
            if is_mapping(entry):
                yield path.removeprefix("/"), entry.get("type"), entry.get("data")


def _reasons(data: Mapping[str, object]) -> dict[str, str]:
    """Ours among acknowledgements; a reason that is no text counts as none given."""
    return {
        id_.removeprefix(_OURS): reason if isinstance(reason, str) else ""
        for id_, reason in data.items()
        if id_.startswith(_OURS)
    }


def _with_path(resource: object, path: str) -> object:
    if not is_mapping(resource):
        return resource
    about = resource.get("Metadata", {})
    if not is_mapping(about) or _PATH in about:
        return resource
    return {**resource, "Metadata": {**about, _PATH: path}}
