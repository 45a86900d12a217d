"""Templates of a cloud assembly, the folder (``cdk.out``) that `cdk synth` writes.

Only files that the manifests name are read, and only inside the folder. The assembly contains the
acknowledgements of stacks and their constructs, but not those of stages and of the app.
"""

from __future__ import annotations

import os
import pathlib
import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.parsing.document import Document, UnusableInputError
from cdk_epc.parsing.reader import read_file
from cdk_epc.spec.unresolved import is_list, is_mapping

_ACKNOWLEDGED: Final = "aws:cdk:acknowledged-rules"
_LOGICAL_ID: Final = "aws:cdk:logicalId"
_TEMPLATE_FILE: Final = "aws:cdk:templateFile"
_PATH: Final = "aws:cdk:path"
_ID_PREFIX: Final = "cdk-epc::"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class StackMetadata(Record):
    """Metadata of a stack and its nested stacks.

    Construct paths have no leading slash, as in ``aws:cdk:path``.

    Attributes:
        acknowledged: Reasons of acknowledgements by rule id, by construct path.
        logical_ids: Logical ids by construct path.
        files: Template files by the construct path of their stack, relative to the assembly with
            the stack. Older versions of CDK do not write them.
    """

    acknowledged: Mapping[str, Mapping[str, str]]
    logical_ids: Mapping[str, str]
    files: Mapping[str, str]

    @classmethod
    def of(cls, metadata: Mapping[str, Any]) -> StackMetadata:
        """Return the relevant entries of CDK's metadata; entries of another form are ignored."""
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
        """Return the template files of the direct nested stacks of a template, by logical id.

        Args:
            name: Name of the template's file, with or without its folder.
        """
        found: dict[str, str] = {}
        for stack, file in self.files.items():
            scope, _, id_ = stack.rpartition("/")
            # CDK creates the resource of a nested stack in a sibling of the stack construct.
            resource = f"{scope}/{id_}.NestedStack/{id_}.NestedStackResource"
            if resource in self.logical_ids and self._is_in(resource, name):
                found[self.logical_ids[resource]] = file
        return found

    def with_paths(self, template: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        """Return the template with the construct paths of its resources added where missing."""
        resources = template.get("Resources")
        if not is_mapping(resources):
            return template
        paths = {id_: path for path, id_ in self.logical_ids.items() if self._is_in(path, name)}
        changed = {
            id_: _with_path(each, paths[id_]) for id_, each in resources.items() if id_ in paths
        }
        return {**template, "Resources": {**resources, **changed}}

    def _is_in(self, path: str, name: str) -> bool:
        """Return whether the template is that of the nearest stack of a construct."""
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
    """Return the acknowledgements of this library; a reason of a wrong type becomes empty."""
    return {
        id_.removeprefix(_ID_PREFIX): reason if isinstance(reason, str) else ""
        for id_, reason in data.items()
        if id_.startswith(_ID_PREFIX)
    }


def _with_path(resource: object, path: str) -> object:
    if not is_mapping(resource):
        return resource
    about = resource.get("Metadata", {})
    if not is_mapping(about) or _PATH in about:
        return resource
    return {**resource, "Metadata": {**about, _PATH: path}}


MANIFEST: Final = "manifest.json"
_MARKER: Final = "cdk.out"  # each assembly, also a nested one, has a file of this name
_ENVIRONMENT: Final = re.compile(r"aws://(?P<account>[^/]+)/(?P<region>[^/]+)")
_UNKNOWN: Final = frozenset({"unknown-account", "unknown-region"})
_NESTED_STACK: Final = "AWS::CloudFormation::Stack"
# CloudFormation allows 2,000 stacks in an account and region; an app may use several.
_MAX_TEMPLATES: Final = 10_000
_MAX_DEPTH: Final = 50
# Limit of all files together, because all are in memory: templates refer to each other.
_MAX_BYTES: Final = 512 * 1024 * 1024


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AssemblyTemplate(Record):
    """Template of a stack or of a nested stack.

    Attributes:
        path: Path of the file, below the given folder.
        name: Path of the file in the assembly, with ``/``: ``assembly-Prod/Main.template.json``.
        document: Document of the file.
        template: Content of the document, with the construct path in the metadata of each resource
            whose path the assembly contains. The CDK command line makes CDK write these paths into
            the template; other callers of CDK do not.
        region: Region of the stack, if it is known.
        account: Account of the stack, if it is known.
        nested: Names of the templates of the nested stacks, by logical id.
        acknowledged: Reasons of acknowledgements by rule id, by construct path, of the stack and
            all nested stacks.
        stack_name: Name of the stack; ``None`` for a nested stack.
    """

    path: pathlib.Path
    name: str
    document: Document = attrs.field(repr=False)
    template: Mapping[str, Any] = attrs.field(repr=False)
    region: str | None
    account: str | None
    nested: Mapping[str, str]
    acknowledged: Mapping[str, Mapping[str, str]]
    stack_name: str | None = None


def is_assembly(folder: pathlib.Path) -> bool:
    """Return whether a folder is a cloud assembly: it has CDK's marker file and a manifest."""
    # Path.is_file() raises for a folder without the permission to search it.
    return all(os.path.isfile(folder / name) for name in (MANIFEST, _MARKER))  # noqa: PTH113


def read_assembly(
    folder: pathlib.Path, problems: list[UnusableInputError] | None = None
) -> list[AssemblyTemplate]:
    """Return all templates of an assembly, with those of nested stages and nested stacks.

    The order is that of the manifests; the template of a nested stack follows that of its parent.

    Args:
        folder: The assembly.
        problems: List that gets the error of each part that cannot be used, so that the other
            parts are returned; by default the first error is raised.

    Raises:
        UnusableInputError: A manifest is invalid, or names a file that is missing or outside the
            folder. The message starts with the name of the file in the assembly.
    """
    reader = _AssemblyReader(folder, problems)
    try:
        reader.manifest(".", ())
    except UnusableInputError as error:
        if problems is None:
            raise
        problems.append(error)
    return list(reader.found.values())


class _LimitError(UnusableInputError):
    """Limit of the whole assembly, which every further part would exceed as well."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class _Stack(Record):
    """Properties that all templates of a stack share."""

    folder: str
    name: str
    region: str | None
    account: str | None
    metadata: StackMetadata


class _AssemblyReader:
    """Reader of one assembly; all names are relative to its root, with ``/``."""

    def __init__(
        self, root: pathlib.Path, problems: list[UnusableInputError] | None = None
    ) -> None:
        self.root = root
        self._problems = problems
        self.found: dict[str, AssemblyTemplate] = {}
        self._real_root = os.path.realpath(root)
        self._folders: set[str] = set()
        self._bytes = 0

    def manifest(self, folder: str, above: tuple[str, ...]) -> None:
        """Read a manifest and those of its nested stages."""
        name = _join(folder, MANIFEST)
        if folder in above or len(above) >= _MAX_DEPTH:
            raise UnusableInputError(f"{name}: the nested assemblies form a cycle; {_FIX}")
        if folder in self._folders:
            return
        self._folders.add(folder)
        artifacts = self._read_mapping(name).get("artifacts", {})
        for id_, artifact in _mapping(artifacts, name, "artifacts").items():
            with self._apart():
                self._artifact(name, folder, id_, artifact, above)

    @contextmanager
    def _apart(self) -> Generator[None]:
        """Keep an error of one part from the other parts, if the caller collects the errors."""
        try:
            yield
        except UnusableInputError as error:
            if self._problems is None or isinstance(error, _LimitError):
                raise
            self._problems.append(error)

    def _artifact(
        self, name: str, folder: str, id_: str, artifact: object, above: tuple[str, ...]
    ) -> None:
        described = _mapping(artifact, name, id_)
        kind = described.get("type")
        properties = _mapping(described.get("properties", {}), name, id_)
        if kind == "cdk:cloud-assembly":
            below = self._inside(name, folder, properties.get("directoryName"))
            self.manifest(below, (*above, folder))
        elif kind == "aws:cloudformation:stack":
            file = self._inside(name, folder, properties.get("templateFile"))
            self.template(file, self._stack(name, folder, id_, described), ())

    def template(self, name: str, stack: _Stack, above: tuple[str, ...]) -> None:
        """Read a template and those of its nested stacks."""
        if name in above or len(above) >= _MAX_DEPTH:
            raise UnusableInputError(f"{name}: the nested stacks form a cycle; {_FIX}")
        if name in self.found:
            return
        if len(self.found) >= _MAX_TEMPLATES:
            raise _LimitError(f"{name}: the assembly has more than {_MAX_TEMPLATES:,} stacks")
        document = self._read(name)
        template = stack.metadata.with_paths(_mapping(document.data, name, "the template"), name)
        nested: dict[str, str] = {}
        for logical_id, file in _nested_files(template, stack.metadata, name).items():
            with self._apart():
                nested[logical_id] = self._inside(name, stack.folder, file)
        self.found[name] = AssemblyTemplate(
            path=self.root / name,
            name=name,
            document=document,
            template=template,
            region=stack.region,
            account=stack.account,
            nested=nested,
            acknowledged=stack.metadata.acknowledged,
            stack_name=None if above else stack.name,
        )
        for file in nested.values():
            with self._apart():
                self.template(file, stack, (*above, name))

    def _stack(self, name: str, folder: str, id_: str, artifact: Mapping[str, Any]) -> _Stack:
        environment = _ENVIRONMENT.fullmatch(str(artifact.get("environment")))
        known = {
            key: value
            for key, value in (environment.groupdict() if environment else {}).items()
            if value not in _UNKNOWN
        }
        entries: dict[str, Any] = {}
        with self._apart():
            entries |= _mapping(artifact.get("metadata", {}), name, "metadata")
        if (file := artifact.get("additionalMetadataFile")) is not None:
            with self._apart():
                entries |= self._read_mapping(self._inside(name, folder, file))
        given = artifact.get("properties", {}).get("stackName")  # if it differs from the id
        return _Stack(
            folder=folder,
            name=given if isinstance(given, str) else id_,
            region=known.get("region"),
            account=known.get("account"),
            metadata=StackMetadata.of(entries),
        )

    def _inside(self, by: str, folder: str, named: object) -> str:
        """Return the name below the root of a file that is named relative to a folder."""
        if not isinstance(named, str) or not named or "\0" in named:
            raise UnusableInputError(f"{by}: the name of a file is {named!r}; {_FIX}")
        path = os.path.realpath(self.root / folder / named)
        if not pathlib.Path(path).is_relative_to(self._real_root):
            raise UnusableInputError(f"{by}: the file {named!r} is outside the assembly; {_FIX}")
        return pathlib.Path(path).relative_to(self._real_root).as_posix()

    def _read(self, name: str) -> Document:
        path = self.root / name
        self._bytes += os.path.getsize(path) if os.path.isfile(path) else 0  # noqa: PTH113, PTH202
        if self._bytes > _MAX_BYTES:
            limit = f"{_MAX_BYTES // 1024**2} MiB"
            raise _LimitError(f"{name}: the assembly is larger than {limit}")
        try:
            return read_file(path)
        except UnusableInputError as error:
            raise UnusableInputError(f"{name}: {error}") from None

    def _read_mapping(self, name: str) -> Mapping[str, Any]:
        return _mapping(self._read(name).data, name, "the content")


_FIX: Final = "run `cdk synth` again with an empty output folder"


def _join(folder: str, name: str) -> str:
    return (pathlib.PurePosixPath(folder) / name).as_posix()


def _mapping(value: object, name: str, what: str) -> Mapping[str, Any]:
    if not is_mapping(value):
        raise UnusableInputError(f"{name}: {what} is not a mapping; {_FIX}")
    return value


def _nested_files(
    template: Mapping[str, Any], metadata: StackMetadata, name: str
) -> dict[str, str]:
    """Return the template files of the nested stacks of a template, by logical id.

    They are in the template if the CDK command line ran the app, else in the metadata.
    """
    files = metadata.nested_in(name)
    resources = template.get("Resources")
    for logical_id, resource in resources.items() if is_mapping(resources) else ():
        if is_mapping(resource) and resource.get("Type") == _NESTED_STACK:
            about = resource.get("Metadata")
            file = about.get("aws:asset:path") if is_mapping(about) else None
            # The path is absolute if asset staging is off; then it is outside the assembly.
            if isinstance(file, str) and not os.path.isabs(file):  # noqa: PTH117 - text
                files[logical_id] = file
    return files
