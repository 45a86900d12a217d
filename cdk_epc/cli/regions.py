"""Reports on deployments to several regions, as one report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import attrs

from cdk_epc.rules.finding import Finding
from cdk_epc.rules.report import Report

Review = Callable[[str | None], Sequence[Report]]
"""Function that returns the reports on the same templates or requests in a region."""


def reports_in(regions: Sequence[str] | None, review: Review) -> Sequence[Report]:
    """Return the reports for all regions together.

    A finding that occurs in some of the regions only says in which.

    Args:
        regions: Regions of the deployment; ``None`` if it is unknown.
        review: Function that returns the reports in a region.
    """
    if regions is None or len(regions) == 1:
        return review(regions[0] if regions else None)
    every = [review(region) for region in regions]
    return [
        Report(
            _merged(regions, [each.findings for each in reports]),
            _merged(regions, [each.acknowledged for each in reports]),
        )
        for reports in zip(*every, strict=True)
    ]


def _merged(regions: Sequence[str], findings: Sequence[Iterable[Finding]]) -> tuple[Finding, ...]:
    found: dict[object, tuple[Finding, list[str]]] = {}
    for region, of_region in zip(regions, findings, strict=True):
        for each in of_region:
            key = (
                each.rule_id,
                each.resource,
                each.message,
                each.fix,
                each.place,
                each.acknowledged,
            )
            found.setdefault(key, (each, []))[1].append(region)
    return tuple(
        each if len(within) == len(regions) else _only_in(within, each)
        for each, within in found.values()
    )


def _only_in(regions: Sequence[str], finding: Finding) -> Finding:
    message = f"{finding.message} (in {' and '.join(regions)})"
    return attrs.evolve(finding, message=message, regions=tuple(regions))
