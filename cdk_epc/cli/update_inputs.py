"""Inputs of a comparison: a template, a cloud assembly, or one of them in a git revision."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.cli.check import template_input
from cdk_epc.cli.document_type import DocumentType, describe_other, detect_document_type
from cdk_epc.cli.inputs import STDIN, STDIN_NAME, display_name
from cdk_epc.parsing import Document, UnusableInputError, read_file, read_stdin
from cdk_epc.parsing.cloud_assembly import is_assembly, read_assembly
from cdk_epc.templates import TemplateInput
from cdk_epc.updates.descriptions import responses_in

_GIT: Final = "git:"
_TIMEOUT: Final = 60


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UpdateTemplate(Record):
    """Template of one side of a comparison.

    Attributes:
        file: Name of the file for reports.
        document: Document of the file.
        input: The template as the rules take it.
    """

    file: str
    document: Document = attrs.field(repr=False)
    input: TemplateInput = attrs.field(repr=False)


@attrs.frozen(eq=False, repr=False)
class Side(Record):
    """One side of a comparison.

    Attributes:
        templates: Its templates.
        responses: Responses of Describe operations, instead of templates.
    """

    templates: list[UpdateTemplate]
    responses: list[Mapping[str, Any]] | None = None


def read_side(given: str) -> Side:
    """Return one side.

    Args:
        given: Path, ``-`` for standard input, or ``git:REVISION:PATH``.

    Raises:
        UnusableInputError: The input cannot be read, or is neither a template nor a cloud assembly.
    """
    if given.startswith(_GIT):
        with _checked_out(given) as path:
            side = _read(path)
            templates = [
                attrs.evolve(each, file=_name_in(given, path, each.file)) for each in side.templates
            ]
            return attrs.evolve(side, templates=templates)
    if given == STDIN:
        return _side(read_stdin(), STDIN_NAME)
    return _read(Path(given))


def _name_in(given: str, path: Path, file: str) -> str:
    inside, base = Path(file), Path(display_name(path))
    return given if inside == base else f"{given}/{inside.relative_to(base).as_posix()}"


def _read(path: Path) -> Side:
    if not path.is_dir():
        return _side(read_file(path), display_name(path))
    if not is_assembly(path):
        raise UnusableInputError(
            "the folder is not a cloud assembly, which `cdk synth` writes; name a template in it"
        )
    return Side(
        [
            UpdateTemplate(
                file=display_name(each.path),
                document=each.document,
                input=template_input(each, None),
            )
            for each in read_assembly(path)
        ]
    )


def _side(document: Document, file: str) -> Side:
    data: Any = document.data
    if (responses := responses_in(data)) is not None:
        return Side([], responses)
    if detect_document_type(data, named=True) is not DocumentType.TEMPLATE:
        found = describe_other(data).partition("; ")[2]
        raise UnusableInputError(f"the input is no CloudFormation template; {found}")
    given = TemplateInput(template=data)
    return Side([UpdateTemplate(file=file, document=document, input=given)])


@contextmanager
def _checked_out(given: str) -> Generator[Path]:
    """Extract a file or folder of a git revision into a temporary folder.

    Raises:
        UnusableInputError: Git does not know the revision or the path.
    """
    revision, separator, path = given.removeprefix(_GIT).partition(":")
    if not separator or not revision or not path:
        raise UnusableInputError("write git:REVISION:PATH, such as git:main:cdk.out")
    tree = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    name = tree.decode("ascii", "replace").strip()
    prefix = _git("rev-parse", "--show-prefix").decode("utf-8", "replace").strip()
    inside = (Path(prefix) / path).as_posix()
    root = _git("rev-parse", "--show-toplevel").decode("utf-8", "replace").strip()
    content = _git("archive", "--format=tar", name, "--", inside, folder=root)
    with TemporaryDirectory(prefix="cdk-epc-") as folder:
        if not hasattr(tarfile, "data_filter"):
            raise UnusableInputError("git revisions need Python 3.11.4 or newer")
        try:
            with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                archive.extractall(folder, filter="data")
        except tarfile.TarError as error:
            raise UnusableInputError(
                f"git returned an archive that cannot be read: {error}"
            ) from None
        found = Path(folder) / inside
        if found.is_symlink():
            raise UnusableInputError(
                "the path is a symbolic link, which is not followed in a revision; name its target"
            )
        yield found


def _git(*arguments: str, folder: str | None = None) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, without a shell
            ["git", *arguments],  # noqa: S607 - the git of the user
            capture_output=True,
            check=False,
            cwd=folder,
            timeout=_TIMEOUT,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise UnusableInputError(f"git cannot be run: {error}") from None
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().replace("\n", "; ")
        raise UnusableInputError(
            f"git cannot read the revision: {reason or 'the revision does not exist'}"
        )
    return done.stdout
