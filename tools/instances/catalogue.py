"""The hosting types joined with their facts, and the checks that make the join safe to commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from tools.errors import ToolError
from tools.instances.ec2 import Facts
from tools.instances.sources import Source

_PREFIX = "ml."


@frozen
class Catalogue:
    """Facts by hosting type, and the types each source gave."""

    types: Mapping[str, Facts]
    types_by_source: Mapping[str, Sequence[str]]


def ec2_name(name: str) -> str:
    """Return EC2's name of a SageMaker instance type: ``m5.xlarge`` for ``ml.m5.xlarge``."""
    return name.removeprefix(_PREFIX)


def join(hosting: Sequence[str], sources: Sequence[Source]) -> Catalogue:
    """Give every hosting type the facts of the first source that knows it.

    Raises:
        ToolError: A type has no facts, a source gives none, or a family is mixed.
    """
    types: dict[str, Facts] = {}
    types_by_source: dict[str, list[str]] = {source.name: [] for source in sources}
    for name in hosting:
        for source in sources:
            if facts := source.facts.get(ec2_name(name)):
                types[name] = facts
                types_by_source[source.name].append(name)
                break
    _check_complete(hosting, types)
    _check_sources_used(types_by_source)
    _check_families(types)
    return Catalogue(types, types_by_source)


def _check_complete(hosting: Sequence[str], types: Mapping[str, Facts]) -> None:
    if missing := [name for name in hosting if name not in types]:
        message = (
            f"no source has the facts of {', '.join(missing)}: run "
            "`python -m tools --newest`, or add a row that names its document to "
            "tools/instances/supplement.json"
        )
        raise ToolError(message)


def _check_sources_used(types_by_source: Mapping[str, Sequence[str]]) -> None:
    if unused := [source for source, types in types_by_source.items() if not types]:
        message = (
            f"{unused[0]!r} gives no hosting type that an earlier source lacks: remove it from "
            "tools/instances/pins.json or tools/instances/supplement.json"
        )
        raise ToolError(message)


def _check_families(types: Mapping[str, Facts]) -> None:
    """Refuse a family of which only some sizes have local NVMe.

    ``cdk_epc.catalog.instances.family_has_local_nvme`` answers for a family as a whole.
    """
    families: dict[str, dict[bool, str]] = {}
    for name, facts in types.items():
        family = ec2_name(name).partition(".")[0]
        families.setdefault(family, {})[facts["local_nvme_gb"] is not None] = name
    for family, examples in families.items():
        if len(examples) > 1:
            message = (
                f"family {family} is mixed: {examples[True]} has local NVMe storage and "
                f"{examples[False]} has none; correct the source, or teach "
                "cdk_epc/catalog/instances.py to answer by size"
            )
            raise ToolError(message)
