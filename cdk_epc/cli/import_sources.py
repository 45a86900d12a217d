"""Generation of code from files, standard input and cloud assemblies."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any, Final

import attrs

from cdk_epc.cli.document_type import DocumentType, detect_document_type
from cdk_epc.cli.inputs import STDIN, STDIN_NAME, display_name
from cdk_epc.cli.result import ExitCode
from cdk_epc.cli.streams import print_error, write_output
from cdk_epc.importing import (
    SourceStack,
    UnusableSourceError,
    generate,
    importable,
    options_for,
    stack_of_requests,
)
from cdk_epc.parsing import UnusableInputError, read_file, read_stdin
from cdk_epc.parsing.cloud_assembly import is_assembly, read_assembly

_COMMAND: Final = "cdk-epc import: error"


def import_sources(arguments: Namespace) -> ExitCode:
    """Write the code of the sources on the command line, and return the exit code.

    Args:
        arguments: Arguments of the command.
    """
    if not arguments.sources and arguments.live is None:
        print_error(f"{_COMMAND}: give a SOURCE or --live")
        return ExitCode.UNUSABLE
    try:
        stacks = _stacks(arguments.sources, arguments.region)
        if arguments.live is not None:
            stacks.append(_live(arguments.live, arguments.region))
        if arguments.for_import:
            stacks = [importable(each) for each in stacks]
        keep_ids = arguments.keep_ids or arguments.for_import
        text = generate(stacks, options_for(stacks, keep_ids=keep_ids))
    except (UnusableInputError, UnusableSourceError) as error:
        print_error(f"{_COMMAND}: {error}")
        return ExitCode.UNUSABLE
    if arguments.output is None:
        return write_output(text.splitlines())
    try:
        Path(arguments.output).write_text(text, "utf-8")
    except (OSError, ValueError) as error:
        print_error(f"{_COMMAND}: {arguments.output} cannot be written: {error}")
        return ExitCode.UNUSABLE
    return ExitCode.CLEAN


def _stacks(sources: list[str], region: str | None) -> list[SourceStack]:
    """Return the stacks of all sources; requests of several files are one stack.

    Raises:
        UnusableInputError: A source cannot be read.
        UnusableSourceError: A source is neither a template nor a request.
    """
    stacks: list[SourceStack] = []
    requests: list[Any] = []
    files: list[str] = []
    for given in sources:
        path = None if given == STDIN else Path(given)
        if path is not None and path.is_dir():
            stacks += _assembly(path, region)
            continue
        name, data = _read(path)
        if detect_document_type(data, named=True) is DocumentType.TEMPLATE:
            stem = "Imported" if path is None else path.name.split(".")[0]
            stacks.append(SourceStack(name=stem, origin=name, template=data, region=region))
        else:
            requests.append(data)
            files.append(name)
    if requests:
        stem = "Imported" if files[0] == STDIN_NAME else Path(files[0]).name.split(".")[0]
        found = stack_of_requests(requests, stem, ", ".join(files))
        stacks.append(attrs.evolve(found, region=found.region or region))
    return stacks


def _live(endpoint: str, region: str | None) -> SourceStack:
    from cdk_epc.cli.live import live_responses  # noqa: PLC0415 - most runs do not ask AWS

    responses = live_responses(endpoint, region, with_details=True)
    return stack_of_requests(responses, endpoint, f"the running endpoint {endpoint}")


def _read(path: Path | None) -> tuple[str, Any]:
    try:
        document = read_stdin() if path is None else read_file(path)
        return display_name(path), document.data
    except UnusableInputError as error:
        raise UnusableInputError(f"{display_name(path)}: {error}") from None


def _assembly(folder: Path, region: str | None) -> list[SourceStack]:
    if not is_assembly(folder):
        raise UnusableInputError(
            f"{display_name(folder)}: the folder is not a cloud assembly, which `cdk synth` "
            "writes; name a template in it"
        )
    return [
        SourceStack(
            name=each.stack_name or each.name.rpartition("/")[2].split(".")[0],
            origin=display_name(each.path),
            template=each.template,
            region=each.region or region,
            account=each.account,
        )
        for each in read_assembly(folder)
    ]
