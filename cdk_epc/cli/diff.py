"""Comparison of a deployed app with the app to deploy."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import attrs

from cdk_epc.cli.check import with_positions
from cdk_epc.cli.result import RunResult, UnusableInput, UpdateResult
from cdk_epc.cli.update_inputs import Side, UpdateTemplate, read_side
from cdk_epc.parsing import UnusableInputError, read_file
from cdk_epc.rules.rule import Profile
from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.templates import TemplateInput
from cdk_epc.updates import review_update
from cdk_epc.updates.described import DescriptionError, described
from cdk_epc.updates.subjects import Live

T = TypeVar("T")


def diff(arguments: Namespace) -> UpdateResult:
    """Compare the two inputs of the command line.

    Args:
        arguments: Arguments of the command.
    """
    unusable: list[UnusableInput] = []

    def read(name: str, read_input: Callable[[], T]) -> T | None:
        try:
            return read_input()
        except UnusableInputError as error:
            unusable.append(UnusableInput(file=name, message=str(error)))
            return None

    region = arguments.region
    old_name = arguments.live if arguments.live is not None else arguments.old
    old = read(old_name, lambda: _old_side(arguments))
    new = read(arguments.new, lambda: _new_side(arguments.new, region))
    acknowledged = read(str(arguments.acknowledge), lambda: _acknowledged(arguments.acknowledge))
    before = read(old_name, lambda: _old_app(old, new)) if old and new else None
    if before is None or new is None or acknowledged is None:
        return UpdateResult(result=RunResult(unusable=tuple(unusable)))
    report = review_update(
        before.inputs,
        [each.input for each in new],
        profile=Profile.STRICT if arguments.strict else Profile.DEFAULT,
        acknowledged=acknowledged,
        live=before.live,
    )
    found = (
        with_positions(of_template, each.file, each.document)
        for each, of_template in zip(new, report.reports, strict=True)
    )
    result = RunResult.merged([RunResult(files=len(new)), *found])
    files = {each.input.name: each.file for each in new}
    return UpdateResult(
        result=result,
        plans=tuple(attrs.evolve(each, stack=files[each.stack]) for each in report.plans),
        notes=tuple(
            attrs.evolve(each, stack=files.get(each.stack, each.stack)) for each in report.notes
        ),
    )


@attrs.frozen
class _OldApp:
    """Old templates, with facts about what runs if they are a description."""

    inputs: list[TemplateInput]
    live: Live | None = None


def _old_side(arguments: Namespace) -> Side:
    if arguments.live is None:
        return read_side(arguments.old, arguments.region)
    from cdk_epc.cli.live import live_responses  # noqa: PLC0415 - most runs do not ask AWS

    return Side([], live_responses(arguments.live, arguments.region))


def _new_side(given: str, region: str | None) -> list[UpdateTemplate]:
    side = read_side(given, region)
    if side.responses is not None:
        raise UnusableInputError("only OLD can be a description of what runs")
    return side.templates


def _old_app(old: Side, new: list[UpdateTemplate]) -> _OldApp:
    if old.responses is None:
        return _OldApp([each.input for each in old.templates])
    try:
        found = described(old.responses, [each.input for each in new])
    except DescriptionError as error:
        raise UnusableInputError(str(error)) from None
    return _OldApp([found.input], found.live)


def _acknowledged(file: str | None) -> Mapping[str, Any]:
    """Return the reasons of the file with acknowledgements.

    Raises:
        UnusableInputError: The file cannot be read, or is no map of rule ids to reasons.
    """
    if file is None:
        return {}
    data = read_file(Path(file)).data
    if not is_mapping(data):
        raise UnusableInputError(
            "the file must be a map of rule ids to reasons, or of logical ids to such maps"
        )
    return data
