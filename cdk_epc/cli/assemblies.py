"""Cloud assemblies: all templates of one are reviewed together, for they refer to each other."""

from __future__ import annotations

from pathlib import Path

from cdk_epc.cli.inputs import shown
from cdk_epc.cli.options import Terms
from cdk_epc.cli.positions import placed
from cdk_epc.cli.result import Outcome, Unusable
from cdk_epc.parsing import UnusableInputError
from cdk_epc.parsing.cloud_assembly import AssemblyTemplate, read_assembly
from cdk_epc.templates import PlacedTemplate, review_app


def outcome_of(folder: Path, terms: Terms) -> Outcome:
    """What all templates of an assembly come to."""
    try:
        found = read_assembly(folder)
    except UnusableInputError as error:
        return Outcome(unusable=(Unusable(file=shown(folder), message=str(error)),))
    templates = [_placed(each, terms) for each in found]
    reports = review_app(templates, rules=terms.rules, profile=terms.profile)
    parts = (
        placed(report, shown(each.path), each.document)
        for each, report in zip(found, reports, strict=True)
    )
    return Outcome.joined([Outcome(files=len(found)), *parts])


def _placed(found: AssemblyTemplate, terms: Terms) -> PlacedTemplate:
    return PlacedTemplate(
        template=found.template,
        name=found.name,
        region=found.region or terms.region,
        account=found.account,
        nested=found.nested,
        acknowledged=found.acknowledged,
    )
