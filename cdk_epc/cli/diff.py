"""Comparison of a deployed app with the app to deploy."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from cdk_epc.cli.check import with_positions
from cdk_epc.cli.result import RunResult, UnusableInput, UpdateResult
from cdk_epc.cli.update_inputs import UpdateTemplate, read_side
from cdk_epc.parsing import UnusableInputError, read_file
from cdk_epc.rules.rule import Profile
from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.updates import review_update


def diff(arguments: Namespace) -> UpdateResult:
    """Compare the two inputs of the command line.

    Args:
        arguments: Arguments of the command.
    """
    sides: list[list[UpdateTemplate]] = []
    unusable: list[UnusableInput] = []
    for given in (arguments.old, arguments.new):
        try:
            sides.append(read_side(given, arguments.region))
        except UnusableInputError as error:
            unusable.append(UnusableInput(file=given, message=str(error)))
    acknowledged: Mapping[str, Any] = {}
    try:
        acknowledged = _acknowledged(arguments.acknowledge)
    except UnusableInputError as error:
        unusable.append(UnusableInput(file=str(arguments.acknowledge), message=str(error)))
    if unusable:
        return UpdateResult(result=RunResult(unusable=tuple(unusable)))
    old, new = sides
    report = review_update(
        [each.input for each in old],
        [each.input for each in new],
        profile=Profile.STRICT if arguments.strict else Profile.DEFAULT,
        acknowledged=acknowledged,
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
        notes=tuple(attrs.evolve(each, stack=files[each.stack]) for each in report.notes),
    )


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
