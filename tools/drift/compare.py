"""Comparison of this library with copies of AWS's models."""

from __future__ import annotations

from cdk_epc.catalog.regions import data
from tools.drift.differences import Explained
from tools.drift.expected import drift
from tools.drift.known import FROM_API, FROM_CFN
from tools.drift.report import Section
from tools.drift.scaling import scaling
from tools.instances.sagemaker import hosting_types, load_model
from tools.published.copies import Copy
from tools.published.facts import Facts, unanchored
from tools.published.models import RESOURCES, Resource, cfn_schema, service_model
from tools.regions.hosting import read_types_by_region


def compare(botocore: Copy, cfn_lint: Copy) -> list[Section]:
    """Return the differences of all resource types to both models.

    Raises:
        ToolError: A copy lacks a file that is read.
    """
    model = service_model(botocore)
    sections = []
    for each in RESOURCES:
        found = each.in_api(model)
        title = f"{botocore}, {' and '.join(each.operations)}"
        sections.append(_section(title, each, found, FROM_API[each.name]))
    for each in RESOURCES:
        found = unanchored(each.in_cfn(cfn_schema(cfn_lint, each.name)))
        sections.append(_section(f"{cfn_lint}, {each.name}", each, found, FROM_CFN[each.name]))
    return [*sections, *scaling(botocore, cfn_lint), _price_lists(botocore, cfn_lint)]


def _section(
    title: str, resource: Resource, published: dict[str, Facts], explained: Explained
) -> Section:
    return Section(title, drift(resource.declared(), published, explained), published)


def _price_lists(botocore: Copy, cfn_lint: Copy) -> Section:
    """Return the hosting types by region that differ from the data of this library."""
    hosting = set(hosting_types(load_model(botocore)))
    theirs = {r: types & hosting for r, types in read_types_by_region(cfn_lint).items()}
    ours: dict[str, set[str]] = {region: set() for region in data().priced_regions}
    for name, regions in data().regions_by_type.items():
        for region in regions:
            ours[region].add(name)
    found = [
        (region, "enum", ours.get(region), theirs.get(region))
        for region in sorted(ours.keys() | theirs.keys())
        if ours.get(region) != theirs.get(region)
    ]
    return Section(f"{cfn_lint}, hosting types by region", found, {})
