"""Sources of the facts of EC2's instance types."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import TypedDict, cast

from attrs import frozen

from tools.instances.ec2 import Facts, Record, facts_of
from tools.instances.pins import Dump
from tools.packages import read_member


@frozen
class Source:
    """Source of facts.

    Attributes:
        name: Name of the source in the header of the catalog.
        facts: Facts by EC2's name of the type, such as ``m5.xlarge``.
    """

    name: str
    facts: Mapping[str, Facts]


class _SupplementRow(TypedDict):
    source: str
    facts: Facts


def load_sources(wanted: frozenset[str], dumps: Sequence[Dump]) -> list[Source]:
    """Return the sources in the order of their precedence.

    A dump is only read for types that earlier ones lack, because older dumps have older formats.

    Args:
        wanted: EC2's names of the types to read.
        dumps: Dumps to read.

    Raises:
        ToolError: A download failed, or the catalog cannot represent a fact.
    """
    sources: list[Source] = []
    missing = wanted
    for dump in dumps:
        content = read_member(dump.package, dump.member)
        source = dump_source(f"{dump.package}, {dump.member}", content, missing)
        sources.append(source)
        missing -= source.facts.keys()
    return [*sources, *supplement_sources(_supplement_text())]


def dump_source(name: str, content: bytes, wanted: frozenset[str]) -> Source:
    """Return the source of a dump: a JSON object of records by type, plain or gzipped."""
    text = gzip.decompress(content) if name.endswith(".gz") else content
    records = cast("dict[str, Record]", json.loads(text))
    facts = {key: facts_of(records[key]) for key in sorted(records.keys() & wanted)}
    return Source(name, facts)


def supplement_sources(text: str) -> list[Source]:
    """Return the sources of the manually maintained rows, each with the name of its document."""
    rows = cast("dict[str, _SupplementRow]", json.loads(text))
    return [Source(row["source"], {key: row["facts"]}) for key, row in rows.items()]


def _supplement_text() -> str:
    return resources.files("tools.instances").joinpath("supplement.json").read_text("utf-8")
