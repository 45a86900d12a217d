"""From sources to an outcome: read, tell what it is, review, and say where each finding stands."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cdk_epc.cli.command import seldom
from cdk_epc.cli.document_type import (
    MARKS,
    Kind,
    kind_of,
    what_is_it,
)
from cdk_epc.cli.inputs import Source, shown, sources_of
from cdk_epc.cli.options import CheckOptions
from cdk_epc.cli.positions import placed
from cdk_epc.cli.result import RunResult, Unusable
from cdk_epc.parsing import (
    Document,
    UnusableInputError,
    read_bytes,
    read_file,
)
from cdk_epc.rules.report import Report
from cdk_epc.rules.rule import Profile, Rule
from cdk_epc.spec import fields

if TYPE_CHECKING:
    from cdk_epc.parsing.cloud_assembly import AssemblyTemplate
    from cdk_epc.templates import TemplateInput


def check(given: Namespace) -> RunResult:
    """Check what the command line names.

    Args:
        given: ``paths``, ``region``, ``strict``, ``pack`` and ``ignore_other`` of the command line.
    """
    profile = Profile.STRICT if given.strict else Profile.DEFAULT
    terms = CheckOptions(region=given.region, profile=profile, rules=_packed(given.pack))
    sources = list(sources_of(given.paths, named=not given.ignore_other))
    with seldom():
        return RunResult.joined(_outcome(source, terms) for source in sources)


def _packed(names: list[str]) -> tuple[Rule, ...]:
    """The rules of these packs, each pack once."""
    if not names:
        return ()
    from cdk_epc.rules.registry import PACKS  # noqa: PLC0415 - most runs ask for none

    return tuple(rule for name in dict.fromkeys(names) for rule in PACKS[name])


def _outcome(source: Source | Unusable, terms: CheckOptions) -> RunResult:
    if isinstance(source, Unusable):
        return RunResult(unusable=(source,))
    if source.is_assembly and source.path is not None:
        # Most runs are of files.

        return outcome_of(source.path, terms)
    try:
        document = _read(source)
    except UnusableInputError as error:
        return _unusable(source, str(error))
    kind = kind_of(document.data, named=source.named)
    if kind is None:
        return (
            _unusable(source, what_is_it(document.data)) if source.named else RunResult(skipped=1)
        )
    file = shown(source.path)
    reports = _reports(document, kind, terms)
    return RunResult.joined(
        [RunResult(files=1), *(placed(report, file, document, base) for base, report in reports)]
    )


def _read(source: Source) -> Document:
    if source.path is not None:
        return read_file(source.path)
    from cdk_epc.parsing.files import bytes_of_stream  # noqa: PLC0415 - rare

    if sys.stdin is None:
        raise UnusableInputError("there is no standard input")
    return read_bytes(bytes_of_stream(sys.stdin.buffer))


def _reports(
    document: Document, kind: Kind, terms: CheckOptions
) -> Iterator[tuple[fields.Path, Report]]:
    """Each report with the steps to what it is about."""
    if kind is Kind.TEMPLATE:
        from cdk_epc.templates import review_template  # noqa: PLC0415 - requests do without

        yield (
            (),
            review_template(
                document.data, region=terms.region, rules=terms.rules, profile=terms.profile
            ),
        )
        return
    from cdk_epc.requests import review_request  # noqa: PLC0415 - templates do without

    many = kind is Kind.REQUESTS
    for index, request in enumerate(document.data if many else [document.data]):
        report = review_request(
            request, region=terms.region, rules=terms.rules, profile=terms.profile
        )
        yield (index,) if many else (), report


def _unusable(source: Source, message: str) -> RunResult:
    """Unusable input, unless it was only found in a folder and is not meant to be ours either."""
    about = Unusable(file=shown(source.path), message=message)
    if source.named or _is_meant_for_us(source):
        return RunResult(unusable=(about,))
    return RunResult(notes=(about,), skipped=1)


def _is_meant_for_us(source: Source) -> bool:
    """Whether it looks like one of ours, or nobody can tell."""
    from cdk_epc.parsing.document import MOST_BYTES  # noqa: PLC0415 - rare

    if source.path is None or not os.path.isfile(source.path):  # noqa: PTH113 - never raises
        return True
    try:
        with source.path.open("rb") as file:
            content = file.read(MOST_BYTES)
    except OSError:
        return True
    return any(mark in content for mark in MARKS)


def outcome_of(folder: Path, terms: CheckOptions) -> RunResult:
    """What all templates of an assembly come to."""
    # Single templates and requests do without.
    from cdk_epc.parsing.cloud_assembly import read_assembly  # noqa: PLC0415
    from cdk_epc.templates import review_app  # noqa: PLC0415

    try:
        found = read_assembly(folder)
    except UnusableInputError as error:
        return RunResult(unusable=(Unusable(file=shown(folder), message=str(error)),))
    templates = [_placed(each, terms) for each in found]
    reports = review_app(templates, rules=terms.rules, profile=terms.profile)
    parts = (
        placed(report, shown(each.path), each.document)
        for each, report in zip(found, reports, strict=True)
    )
    return RunResult.joined([RunResult(files=len(found)), *parts])


def _placed(found: AssemblyTemplate, terms: CheckOptions) -> TemplateInput:
    from cdk_epc.templates import TemplateInput  # noqa: PLC0415 - as above

    return TemplateInput(
        template=found.template,
        name=found.name,
        region=found.region or terms.region,
        account=found.account,
        nested=found.nested,
        acknowledged=found.acknowledged,
    )
