"""Report on a stack: findings about its templates, and those of its constructs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs
import aws_cdk as cdk

from cdk_epc.constructs.duck_typing import construct_path
from cdk_epc.constructs.stage_validation import StageValidation, key_in_construct
from cdk_epc.constructs.synthesized_templates import templates_of_stage
from cdk_epc.rules import Finding, Rule
from cdk_epc.rules.report import Report
from cdk_epc.spec import Path
from cdk_epc.templates import review_app


def review_stack(stack: cdk.Stack, rules: Iterable[Rule] = (), region: str | None = None) -> Report:
    """Return the report on a stack that CDK has synthesized, and on its nested stacks.

    The other stacks of the stage are read, too, because resources refer to those of other stacks.

    Args:
        stack: The stack.
        rules: Rules in addition to those that always apply.
        region: Region of the deployment; by default that of each stack.
    """
    stage = cdk.Stage.of(stack)
    if stage is None:
        return Report()
    templates = templates_of_stage(stage)
    inputs = [attrs.evolve(each.input, region=region or each.input.region) for each in templates]
    path = construct_path(stack)
    reports: list[Report] = []
    known: set[tuple[str | None, str, Path]] = set()
    for each, report in zip(templates, review_app(inputs, rules=rules), strict=True):
        if f"{each.stack}/".startswith(f"{path}/"):
            reports.append(report)
            for finding in (*report.findings, *report.acknowledged):
                at = each.paths.get(finding.resource or "", "")
                known.add(key_in_construct(finding, at))
    of_constructs = [
        finding
        for finding in _findings_at_synth(stack)
        if (finding.resource, finding.rule_id, finding.place) not in known
    ]
    return Report.joined([*reports, Report(tuple(of_constructs))])


def _findings_at_synth(stack: cdk.Stack) -> Iterator[Finding]:
    """Yield the findings of the constructs of a stack at synth, of which templates lack some."""
    prefix = f"{construct_path(stack)}/"
    for construct in StageValidation.of(stack).constructs:
        if construct_path(construct).startswith(prefix):
            yield from construct.findings_at_synth()
