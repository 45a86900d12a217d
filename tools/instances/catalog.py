"""Join of the hosting types with their facts, with checks of the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from tools.errors import ToolError
from tools.instances.ec2 import Facts
from tools.instances.sources import Source

_PREFIX = "ml."


@frozen
class Catalog:
    """Facts by hosting type, and the types by the source of their facts."""

    types: Mapping[str, Facts]
    types_by_source: Mapping[str, Sequence[str]]


def ec2_name(name: str) -> str:
    """Return EC2's name of a SageMaker instance type: ``m5.xlarge`` for ``ml.m5.xlarge``."""
    return name.removeprefix(_PREFIX)


def join(hosting: Sequence[str], sources: Sequence[Source]) -> Catalog:
    """Return every hosting type with the facts of the first source that has them.

    Raises:
        ToolError: A type has no facts, a source is not used, or only some sizes of a family have
            local NVMe storage.
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
    return Catalog(types, types_by_source)


def _check_complete(hosting: Sequence[str], types: Mapping[str, Facts]) -> None:
    if missing := [name for name in hosting if name not in types]:
        message = (
            f"no source has the facts of {', '.join(missing)}: run "
            "`python -m tools --newest`, or add a row with its source to "
            "tools/instances/supplement.json"
        )
        raise ToolError(message)


def _check_sources_used(types_by_source: Mapping[str, Sequence[str]]) -> None:
    if unused := [source for source, types in types_by_source.items() if not types]:
        message = (
            f"{unused[0]!r} has no hosting type that earlier sources lack: remove it from "
            "tools/instances/pins.json or tools/instances/supplement.json"
        )
        raise ToolError(message)


def _check_families(types: Mapping[str, Facts]) -> None:
    """Check that all sizes of a family have local NVMe storage, or none.

    ``cdk_epc.catalog.instances.family_has_local_nvme`` relies on it.
    """
    families: dict[str, dict[bool, str]] = {}
    for name, facts in types.items():
        family = ec2_name(name).partition(".")[0]
        families.setdefault(family, {})[facts["local_nvme_gb"] is not None] = name
    for family, examples in families.items():
        if len(examples) > 1:
            message = (
                f"family {family} is mixed: {examples[True]} has local NVMe storage and "
                f"{examples[False]} has none; correct the source, or let "
                "cdk_epc/catalog/instances.py look up the size"
            )
            raise ToolError(message)
