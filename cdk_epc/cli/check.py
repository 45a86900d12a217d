"""Check of the inputs of a run: read, detect the type, apply the rules, find the positions."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from cdk_epc._records import Record
from cdk_epc.cli.document_type import (
    MARKERS,
    MENTIONS,
    DocumentType,
    describe_other,
    detect_document_type,
    templates_of_serverless,
)
from cdk_epc.cli.inputs import Input, display_name, find_inputs
from cdk_epc.cli.regions import reports_in
from cdk_epc.cli.result import RunResult, UnusableInput
from cdk_epc.parsing import Document, Position, UnusableInputError, read_file, read_stdin
from cdk_epc.rules.call_errors import CUSTOM_RULE_FAILED
from cdk_epc.rules.finding import Finding, shown
from cdk_epc.rules.report import Report
from cdk_epc.rules.rule import Profile, Rule, Violation
from cdk_epc.spec import fields
from cdk_epc.spec.collector import paused_collector

if TYPE_CHECKING:
    from cdk_epc.parsing.cloud_assembly import AssemblyTemplate
    from cdk_epc.templates import TemplateInput


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CheckOptions(Record):
    """Options of a check.

    Attributes:
        regions: Regions of the deployment, for inputs that do not name one.
        profile: Strictness: whether warnings are errors.
        rules: Rules in addition to those that always apply.
    """

    regions: tuple[str, ...] | None
    profile: Profile
    rules: tuple[Rule, ...]


def check(arguments: Namespace) -> RunResult:
    """Check the inputs of the command line.

    Args:
        arguments: Arguments of the command.

    Raises:
        RulesError: The custom rules cannot be loaded.
    """
    options = CheckOptions(
        regions=arguments.region,
        profile=Profile.STRICT if arguments.strict else Profile.DEFAULT,
        rules=_rules_of(arguments.pack, arguments.rules),
    )
    # All folders are walked first, so that one with too many files fails before any check.
    inputs = list(find_inputs(arguments.paths, named=not arguments.ignore_other))
    return RunResult.merged(_check_input(each, options) for each in inputs)


def _rules_of(packs: list[str], custom: list[str]) -> tuple[Rule, ...]:
    """Return the rules of these packs, each once, and the custom rules."""
    if not packs and not custom:
        return ()
    from cdk_epc.rules.registry import PACKS  # noqa: PLC0415 - rarely needed

    rules = tuple(rule for name in dict.fromkeys(packs) for rule in PACKS[name])
    if not custom:
        return rules
    from cdk_epc.cli.custom_rules import load_rules  # noqa: PLC0415 - most runs name no rules
    from cdk_epc.cli.exceptions import RulesError  # noqa: PLC0415 - as above
    from cdk_epc.cli.rules import EVERY  # noqa: PLC0415 - as above
    from cdk_epc.spec.updates import UPDATE_SUBJECTS  # noqa: PLC0415 - as above

    own = load_rules(custom, (each.id for each in EVERY))
    if all(set(each.about) <= set(UPDATE_SUBJECTS) for each in own):
        raise RulesError("all of the rules are about updates; `cdk-epc diff` applies them")
    return (*rules, *own)


def _check_input(each: Input | UnusableInput, options: CheckOptions) -> RunResult:
    if isinstance(each, UnusableInput):
        return RunResult(unusable=(each,))
    try:
        if each.is_assembly and each.path is not None:
            return _check_assembly(each.path, options)
        return _check_document(each, options)
    except Exception as error:  # noqa: BLE001 - an error of ours must not hide the other inputs
        from cdk_epc.cli.exceptions import describe_unexpected  # noqa: PLC0415 - rare

        message = describe_unexpected(error)
        return RunResult(unusable=(UnusableInput(file=display_name(each.path), message=message),))


def _check_document(each: Input, options: CheckOptions) -> RunResult:
    try:
        document = read_stdin() if each.path is None else read_file(each.path)
    except UnusableInputError as error:
        return _unusable(each, str(error))
    document_type = detect_document_type(document.data, named=each.named)
    if document_type is None and each.named:
        return _unusable(each, describe_other(document.data))
    if document_type is None:
        return RunResult(skipped=1)
    file = display_name(each.path)
    reports = list(_reports(document, document_type, options))
    # One search for all positions, because each one reads the whole text.
    positions = document.positions(
        {place for base, report in reports for place in _places(report, base)}
    )
    return RunResult.merged(
        [
            RunResult(files=1, findings=tuple(_repeated_keys(document, file, options.profile))),
            *(_located_report(report, file, positions, base) for base, report in reports),
        ]
    )


def _repeated_keys(document: Document, file: str, profile: Profile) -> Iterator[Finding]:
    """Yield a finding for each key that occurs again in its object."""
    if not document.repeated_keys:
        return
    from cdk_epc.rules.requests import REPEATED_KEY  # noqa: PLC0415 - repeated keys are rare

    (diagnostic,) = profile.apply([REPEATED_KEY])
    for key, (line, column) in document.repeated_keys:
        violation = Violation(
            path=(),
            got=key,
            sentence=f"key {shown(key)} is repeated, and its last value applies",
            fix="Remove one of the two.",
        )
        yield attrs.evolve(
            Finding.of(diagnostic, violation, shown(key)), file=file, line=line, column=column
        )


def _reports(
    document: Document, document_type: DocumentType, options: CheckOptions
) -> Iterator[tuple[fields.Path, Report]]:
    """Yield the report on each template or request, with its path in the document."""
    if document_type in {DocumentType.TEMPLATE, DocumentType.SERVERLESS}:
        # Imported here because requests do not need it.
        with paused_collector():
            from cdk_epc.templates import TemplateInput, review_app  # noqa: PLC0415

        found: dict[fields.Path, Any] = {(): document.data}
        if document_type is DocumentType.SERVERLESS:
            found = templates_of_serverless(document.data)
        for base, template in found.items():

            def review(region: str | None, template: Any = template) -> list[Report]:  # noqa: ANN401 - JSON
                given = TemplateInput(template=template, region=region, is_bounded=True)
                return review_app([given], rules=options.rules, profile=options.profile)

            yield base, reports_in(options.regions, review)[0]
        return
    from cdk_epc.requests import review_requests  # noqa: PLC0415 - templates do not need it

    is_list = document_type is DocumentType.REQUESTS
    requests = document.data if is_list else [document.data]
    reports = reports_in(
        options.regions,
        lambda region: review_requests(
            requests, region=region, rules=options.rules, profile=options.profile
        ),
    )
    for index, report in enumerate(reports):
        yield (index,) if is_list else (), report


def _unusable(each: Input, message: str) -> RunResult:
    """Return the result for an unusable input.

    In a folder, a file that does not look like a template or a request is only a note.
    """
    unusable = UnusableInput(file=display_name(each.path), message=message)
    if each.named or _mentions(each, MARKERS):
        return RunResult(unusable=(unusable,))
    if _mentions(each, MENTIONS):
        return RunResult(notes=(unusable,), skipped=1)
    return RunResult(unread=1, skipped=1)


def _mentions(each: Input, markers: Iterable[bytes]) -> bool:
    """Return whether an unusable file contains one of the markers, or cannot be read."""
    from cdk_epc.parsing.document import MAX_BYTES  # noqa: PLC0415 - unusable files are rare

    if each.path is None or not os.path.isfile(each.path):  # noqa: PTH113 - never raises
        return True
    try:
        with each.path.open("rb") as file:
            content = file.read(MAX_BYTES)
    except OSError:
        return True
    return any(marker in content for marker in markers)


def _check_assembly(folder: Path, options: CheckOptions) -> RunResult:
    # Imported here because single templates and requests do not need them.
    from cdk_epc.parsing.cloud_assembly import read_assembly  # noqa: PLC0415
    from cdk_epc.templates import review_app  # noqa: PLC0415

    problems: list[UnusableInputError] = []
    found = read_assembly(folder, problems)
    unusable = tuple(
        UnusableInput(file=display_name(folder), message=str(each)) for each in problems
    )
    reports = reports_in(
        options.regions,
        lambda region: review_app(
            [template_input(each, region) for each in found],
            rules=options.rules,
            profile=options.profile,
        ),
    )
    results = (
        with_positions(report, display_name(each.path), each.document)
        for each, report in zip(found, reports, strict=True)
    )
    return RunResult.merged([RunResult(files=len(found), unusable=unusable), *results])


def template_input(found: AssemblyTemplate, region: str | None) -> TemplateInput:
    """Return a template of a cloud assembly as the rules take it.

    Args:
        found: The template.
        region: Region of the deployment, for a stack without one.
    """
    from cdk_epc.templates import TemplateInput  # noqa: PLC0415 - see _check_assembly

    return TemplateInput(
        template=found.template,
        name=found.name,
        region=found.region or region,
        account=found.account,
        nested=found.nested,
        acknowledged=found.acknowledged,
        stack_name=found.stack_name,
        is_bounded=True,
    )


def with_positions(report: Report, file: str, document: Document) -> RunResult:
    """Return the findings of a report with file, line and column, in the order of the file.

    Failures of custom rules become unusable inputs, one for each rule and line.

    Args:
        report: Report on the document.
        file: Name of the file for reports.
        document: Content of the file.
    """
    return _located_report(report, file, document.positions(set(_places(report, ()))), ())


def _places(report: Report, base: fields.Path) -> Iterator[fields.Path]:
    """Yield the places of all findings of a report in the document."""
    for each in (*report.findings, *report.acknowledged):
        yield (*base, *each.place)


def _located_report(
    report: Report, file: str, positions: Mapping[fields.Path, Position], base: fields.Path
) -> RunResult:
    if any(each.rule_id == CUSTOM_RULE_FAILED.id for each in report.findings):
        failed = [each for each in report.findings if each.rule_id == CUSTOM_RULE_FAILED.id]
        findings = [each for each in report.findings if each.rule_id != CUSTOM_RULE_FAILED.id]
        rest = attrs.evolve(report, findings=tuple(findings))
        failures = {each.got: each for each in failed}
        unusable = (UnusableInput(file=file, message=each.message) for each in failures.values())
        return RunResult.merged(
            [_located_report(rest, file, positions, base), RunResult(unusable=tuple(unusable))]
        )
    return RunResult(
        findings=_located(report.findings, file, positions, base),
        acknowledged=_located(report.acknowledged, file, positions, base),
    )


def _located(
    findings: Iterable[Finding],
    file: str,
    positions: Mapping[fields.Path, Position],
    base: fields.Path,
) -> tuple[Finding, ...]:
    every: list[Finding] = []
    for finding in findings:
        line, column = positions[(*base, *finding.place)]
        every.append(attrs.evolve(finding, file=file, line=line, column=column))
    return tuple(sorted(every, key=lambda each: (each.line or 0, each.column or 0)))
