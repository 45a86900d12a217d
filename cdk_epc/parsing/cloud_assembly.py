"""A cloud assembly, which is what `cdk synth` writes into ``cdk.out``, to its templates.

Only what the manifests name is read, and only inside the folder. Acknowledgements of a stack and
of what is in it are in the assembly; those of a stage or of the app are in no file of it.
"""

from __future__ import annotations

import os
import pathlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from cdk_epc.parsing.document import Document, UnusableInputError
from cdk_epc.parsing.reader import read_file
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


MANIFEST: Final = "manifest.json"
_MARKER: Final = "cdk.out"  # a file of this name is in each assembly, nested ones included
_ENVIRONMENT: Final = re.compile(r"aws://(?P<account>[^/]+)/(?P<region>[^/]+)")
_UNKNOWN: Final = frozenset({"unknown-account", "unknown-region"})
_NESTED_STACK: Final = "AWS::CloudFormation::Stack"
# CloudFormation takes 2,000 stacks an account and region; an app may be for several.
_MOST_TEMPLATES: Final = 10_000
_MOST_LEVELS: Final = 50
# Of all files together, since all are held at the same time: they refer to each other.
_MOST_BYTES: Final = 512 * 1024 * 1024


@attrs.frozen(kw_only=True)
class AssemblyTemplate:
    """The template of a stack or of a nested stack.

    Attributes:
        path: Its file, below the folder as that was given.
        name: The same below the assembly, with ``/``: ``assembly-Prod/ProdMain.template.json``.
        document: It, as it was read.
        template: The same, with the construct path in the metadata of each resource whose path the
            assembly knows; CDK's command line has CDK write them, other callers do not.
        region: The region it is deployed to, where that is known.
        account: The account, where that is known.
        nested: The names of the templates of its nested stacks, by their logical ids.
        acknowledged: The reasons by rule id, by construct path as in ``aws:cdk:path``, for the
            stack with all nested ones.
    """

    path: pathlib.Path
    name: str
    document: Document = attrs.field(repr=False)
    template: Mapping[str, Any] = attrs.field(repr=False)
    region: str | None
    account: str | None
    nested: Mapping[str, str]
    acknowledged: Mapping[str, Mapping[str, str]]


def is_assembly(folder: pathlib.Path) -> bool:
    """Whether the folder is a cloud assembly: it has CDK's marker and a manifest."""
    # pathlib's is_file() raises where a folder may not be searched.
    return all(os.path.isfile(folder / name) for name in (MANIFEST, _MARKER))  # noqa: PTH113


def read_assembly(folder: pathlib.Path) -> list[AssemblyTemplate]:
    """Every template of an assembly, nested stages and nested stacks included.

    They come in the order of the manifests, those of nested stacks behind their parent's.

    Raises:
        UnusableInputError: A manifest is none, or names what is not there or not in the folder.
            The message starts with the name of the file in the assembly.
    """
    reading = _Reading(folder)
    reading.manifest(".", ())
    return list(reading.found.values())


@attrs.frozen(kw_only=True)
class _Stack:
    """What the templates of a stack have in common."""

    folder: str
    region: str | None
    account: str | None
    metadata: StackMetadata


class _Reading:
    """One assembly while it is read; names are below its root, with ``/``."""

    def __init__(self, root: pathlib.Path) -> None:
        self.root = root
        self.found: dict[str, AssemblyTemplate] = {}
        self._real_root = os.path.realpath(root)
        self._folders: set[str] = set()
        self._bytes = 0

    def manifest(self, folder: str, above: tuple[str, ...]) -> None:
        """Take in a manifest, and those of the stages nested in it."""
        name = _join(folder, MANIFEST)
        if folder in above or len(above) >= _MOST_LEVELS:
            raise UnusableInputError(f"{name}: its nested assemblies lead back to itself; {_AGAIN}")
        if folder in self._folders:
            return
        self._folders.add(folder)
        artifacts = self._read_mapping(name).get("artifacts", {})
        for id_, artifact in _mapping(artifacts, name, "artifacts").items():
            kind = _mapping(artifact, name, id_).get("type")
            properties = _mapping(artifact.get("properties", {}), name, id_)
            if kind == "cdk:cloud-assembly":
                below = self._inside(name, folder, properties.get("directoryName"))
                self.manifest(below, (*above, folder))
            elif kind == "aws:cloudformation:stack":
                file = self._inside(name, folder, properties.get("templateFile"))
                self.template(file, self._stack(name, folder, artifact), ())

    def template(self, name: str, stack: _Stack, above: tuple[str, ...]) -> None:
        """Take in a template, and those of the stacks nested in it."""
        if name in above or len(above) >= _MOST_LEVELS:
            raise UnusableInputError(f"{name}: its nested stacks lead back to itself; {_AGAIN}")
        if name in self.found:
            return
        if len(self.found) >= _MOST_TEMPLATES:
            raise UnusableInputError(f"{name}: this is one of more than {_MOST_TEMPLATES:,} stacks")
        document = self._read(name)
        template = stack.metadata.with_paths(_mapping(document.data, name, "the template"), name)
        nested = {
            logical_id: self._inside(name, stack.folder, file)
            for logical_id, file in _nested_files(template, stack.metadata, name).items()
        }
        self.found[name] = AssemblyTemplate(
            path=self.root / name,
            name=name,
            document=document,
            template=template,
            region=stack.region,
            account=stack.account,
            nested=nested,
            acknowledged=stack.metadata.acknowledged,
        )
        for file in nested.values():
            self.template(file, stack, (*above, name))

    def _stack(self, name: str, folder: str, artifact: Mapping[str, Any]) -> _Stack:
        environment = _ENVIRONMENT.fullmatch(str(artifact.get("environment")))
        known = {
            key: value
            for key, value in (environment.groupdict() if environment else {}).items()
            if value not in _UNKNOWN
        }
        entries = dict(_mapping(artifact.get("metadata", {}), name, "metadata"))
        if (beside := artifact.get("additionalMetadataFile")) is not None:
            entries |= self._read_mapping(self._inside(name, folder, beside))
        return _Stack(
            folder=folder,
            region=known.get("region"),
            account=known.get("account"),
            metadata=StackMetadata.of(entries),
        )

    def _inside(self, by: str, folder: str, named: object) -> str:
        """The name below the root of what a file names, relative to a folder."""
        if not isinstance(named, str) or not named or "\0" in named:
            raise UnusableInputError(f"{by}: it names {named!r} where a file belongs; {_AGAIN}")
        path = os.path.realpath(self.root / folder / named)
        if not pathlib.Path(path).is_relative_to(self._real_root):
            raise UnusableInputError(f"{by}: it names {named!r}, outside the folder; {_AGAIN}")
        return pathlib.Path(path).relative_to(self._real_root).as_posix()

    def _read(self, name: str) -> Document:
        path = self.root / name
        self._bytes += os.path.getsize(path) if os.path.isfile(path) else 0  # noqa: PTH113, PTH202
        if self._bytes > _MOST_BYTES:
            limit = f"{_MOST_BYTES // 1024**2} MiB of it are read at most"
            raise UnusableInputError(f"{name}: the assembly is too large, {limit}")
        try:
            return read_file(path)
        except UnusableInputError as error:
            raise UnusableInputError(f"{name}: {error}") from None

    def _read_mapping(self, name: str) -> Mapping[str, Any]:
        return _mapping(self._read(name).data, name, "the whole")


_AGAIN: Final = "synthesise again, into an empty folder"


def _join(folder: str, name: str) -> str:
    return (pathlib.PurePosixPath(folder) / name).as_posix()


def _mapping(value: object, name: str, what: str) -> Mapping[str, Any]:
    if not is_mapping(value):
        raise UnusableInputError(f"{name}: {what} is no mapping; {_AGAIN}")
    return value


def _nested_files(
    template: Mapping[str, Any], metadata: StackMetadata, name: str
) -> dict[str, str]:
    """The files of the stacks nested in a template, by logical ids, as far as they are known.

    The template says so where CDK's command line asked for it, else the metadata does.
    """
    files = metadata.nested_in(name)
    resources = template.get("Resources")
    for logical_id, resource in resources.items() if is_mapping(resources) else ():
        if is_mapping(resource) and resource.get("Type") == _NESTED_STACK:
            about = resource.get("Metadata")
            file = about.get("aws:asset:path") if is_mapping(about) else None
            # An absolute one is where assets are not staged: it is not in the assembly.
            if isinstance(file, str) and not os.path.isabs(file):  # noqa: PTH117 - text
                files[logical_id] = file
    return files
