"""Where the facts of EC2's instance types are read."""

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
    """One source of facts.

    Attributes:
        name: What the source is called in the header of the catalogue.
        facts: The facts it has, by EC2's name of the type, such as ``m5.xlarge``.
    """

    name: str
    facts: Mapping[str, Facts]


class _SupplementRow(TypedDict):
    source: str
    facts: Facts


def load_sources(wanted: frozenset[str], dumps: Sequence[Dump]) -> list[Source]:
    """Return the sources in the order they are asked.

    A dump is read for what the ones before it lack: an older one also writes older shapes.

    Args:
        wanted: EC2's names of the types to read; a dump gives nothing else.
        dumps: The dumps to read.

    Raises:
        ToolError: A download failed, or a record has a fact the catalogue cannot hold.
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
    """Read a dump of DescribeInstanceTypes: a JSON object of records by type, plain or gzipped."""
    text = gzip.decompress(content) if name.endswith(".gz") else content
    records = cast("dict[str, Record]", json.loads(text))
    facts = {key: facts_of(records[key]) for key in sorted(records.keys() & wanted)}
    return Source(name, facts)


def supplement_sources(text: str) -> list[Source]:
    """Read the hand-kept rows, each of which names the document it was read in."""
    rows = cast("dict[str, _SupplementRow]", json.loads(text))
    return [Source(row["source"], {key: row["facts"]}) for key, row in rows.items()]


def _supplement_text() -> str:
    return resources.files("tools.instances").joinpath("supplement.json").read_text("utf-8")
