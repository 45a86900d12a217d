"""Comparison of a deployed app with the app to deploy."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import attrs

from cdk_epc._records import Record
from cdk_epc.cli.check import with_positions
from cdk_epc.cli.regions import reports_in
from cdk_epc.cli.result import RunResult, UnusableInput, UpdateResult
from cdk_epc.cli.update_inputs import Side, UpdateTemplate, read_side
from cdk_epc.parsing import UnusableInputError, read_file
from cdk_epc.rules.report import Report
from cdk_epc.rules.rule import Profile, Rule
from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.spec.updates import UPDATE_SUBJECTS
from cdk_epc.templates import TemplateInput
from cdk_epc.updates import UpdateReport, review_update
from cdk_epc.updates.descriptions import DescriptionError, described
from cdk_epc.updates.subjects import Live

T = TypeVar("T")


def diff(arguments: Namespace) -> UpdateResult:
    """Compare the two inputs of the command line.

    Args:
        arguments: Arguments of the command.

    Raises:
        RulesError: The custom rules cannot be loaded.
    """
    rules = _custom_rules(arguments.rules)
    unusable: list[UnusableInput] = []

    def read(name: str, read_input: Callable[[], T]) -> T | None:
        try:
            return read_input()
        except UnusableInputError as error:
            unusable.append(UnusableInput(file=name, message=str(error)))
            return None

    regions = arguments.region
    old_name = arguments.live if arguments.live is not None else arguments.old
    old = read(old_name, lambda: _old_side(arguments))
    new = read(arguments.new, lambda: _new_side(arguments.new))
    acknowledged = read(
        str(arguments.acknowledge), lambda: _acknowledged(arguments.acknowledge, rules)
    )
    before = read(old_name, lambda: _old_app(old, new)) if old and new else None
    if before is None or new is None or acknowledged is None:
        return UpdateResult(result=RunResult(unusable=tuple(unusable)))
    runs: list[UpdateReport] = []

    def review(region: str | None) -> Sequence[Report]:
        report = review_update(
            [_in_region(each, region) for each in before.inputs],
            [_in_region(each.input, region) for each in new],
            profile=Profile.STRICT if arguments.strict else Profile.DEFAULT,
            acknowledged=acknowledged,
            live=before.live,
            rules=rules,
        )
        runs.append(report)
        return report.reports

    found = (
        with_positions(of_template, each.file, each.document)
        for each, of_template in zip(new, reports_in(regions, review), strict=True)
    )
    result = RunResult.merged([RunResult(files=len(new)), *found])
    files = {each.input.name: each.file for each in new}
    return UpdateResult(
        result=result,
        plans=tuple(
            attrs.evolve(each, stack=files[each.stack])
            for each in dict.fromkeys(plan for run in runs for plan in run.plans)
        ),
        notes=tuple(
            attrs.evolve(each, stack=files.get(each.stack, each.stack))
            for each in dict.fromkeys(note for run in runs for note in run.notes)
        ),
    )


def _custom_rules(names: Sequence[str]) -> tuple[Rule, ...]:
    """Return the custom rules about updates.

    Raises:
        RulesError: They cannot be loaded, or none is about updates.
    """
    if not names:
        return ()
    from cdk_epc.cli.custom_rules import load_rules  # noqa: PLC0415 - most runs have none
    from cdk_epc.cli.exceptions import RulesError  # noqa: PLC0415
    from cdk_epc.cli.rules import EVERY  # noqa: PLC0415

    rules = load_rules(names, (each.id for each in EVERY))
    found = tuple(each for each in rules if set(each.about) & set(UPDATE_SUBJECTS))
    if not found:
        raise RulesError(
            "none of the rules is about updates (cdk_epc.spec.updates); `cdk-epc check` applies "
            "the other ones"
        )
    return found


def _in_region(given: TemplateInput, region: str | None) -> TemplateInput:
    return given if region is None or given.region else attrs.evolve(given, region=region)


@attrs.frozen(eq=False, repr=False)
class _OldApp(Record):
    """Old templates, with facts about the running endpoint if they describe one."""

    inputs: list[TemplateInput]
    live: Live | None = None


def _old_side(arguments: Namespace) -> Side:
    if arguments.live is None:
        return read_side(arguments.old)
    from cdk_epc.cli.live import live_responses  # noqa: PLC0415 - most runs do not ask AWS

    if arguments.region is not None and len(arguments.region) > 1:
        raise UnusableInputError("a running endpoint is in one region; give one with --region")
    region = arguments.region[0] if arguments.region is not None else None
    return Side([], live_responses(arguments.live, region))


def _new_side(given: str) -> list[UpdateTemplate]:
    side = read_side(given)
    if side.responses is not None:
        raise UnusableInputError("only OLD can be a description of a running endpoint")
    return side.templates


def _old_app(old: Side, new: list[UpdateTemplate]) -> _OldApp:
    if old.responses is None:
        return _OldApp([each.input for each in old.templates])
    try:
        found = described(old.responses, [each.input for each in new])
    except DescriptionError as error:
        raise UnusableInputError(str(error)) from None
    return _OldApp([found.input], found.live)


def _acknowledged(file: str | None, custom: Sequence[Rule]) -> Mapping[str, Any]:
    """Return the reasons of the file with acknowledgements.

    Raises:
        UnusableInputError: The file cannot be read, is no map of rule ids to reasons, has a
            misspelt rule id, or a rule id without a reason.
    """
    if file is None:
        return {}
    data = read_file(Path(file)).data
    if not is_mapping(data):
        raise UnusableInputError(
            "the file must be a map of rule ids to reasons, or of logical ids to such maps"
        )
    for key, value in data.items():
        for id_, reason in value.items() if is_mapping(value) else [(key, value)]:
            _require_reason(str(id_), reason, custom)
    return data


def _require_reason(id_: str, reason: object, custom: Sequence[Rule]) -> None:
    from cdk_epc.cli.rules import EVERY  # noqa: PLC0415 - most runs acknowledge nothing
    from cdk_epc.rules.acknowledgements import misspelt  # noqa: PLC0415

    if near := misspelt(id_, [each.id for each in (*EVERY, *custom)]):
        raise UnusableInputError(f"there is no rule {id_!r}; did you mean {near}?")
    if not isinstance(reason, str) or not reason.strip():
        raise UnusableInputError(
            f"the acknowledgement of {id_} has no reason; write in one sentence why the finding "
            "may stay"
        )
