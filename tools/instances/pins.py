"""Which packages the facts of EC2's instance types are read from.

moto ships answers of EC2's DescribeInstanceTypes. The second, older version is for types that EC2
has stopped listing since and that SageMaker's model still names; ``python -m tools --newest`` moves
the first alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources

from attrs import evolve, frozen

from tools.packages import Package

PINS_FILE = "tools/instances/pins.json"


@frozen
class Dump:
    """A file of DescribeInstanceTypes.

    Attributes:
        package: The wheel that has it.
        member: Its path inside the wheel.
    """

    package: Package
    member: str


def pinned_dumps() -> list[Dump]:
    """Return the dumps in the order they are asked."""
    text = resources.files("tools.instances").joinpath("pins.json").read_text("utf-8")
    return [
        Dump(Package(row["name"], row["version"], row["sha256"]), row["member"])
        for row in json.loads(text)
    ]


def with_newest(dumps: Sequence[Dump], package: Package) -> list[Dump]:
    """Return the dumps with the first of them read from another version of its package."""
    first, *others = dumps
    return [evolve(first, package=package), *others]


def pins_json(dumps: Sequence[Dump]) -> str:
    """Render the file of pins."""
    rows = [
        {
            "name": dump.package.name,
            "version": dump.package.version,
            "sha256": dump.package.sha256,
            "member": dump.member,
        }
        for dump in dumps
    ]
    return json.dumps(rows, indent=2) + "\n"
