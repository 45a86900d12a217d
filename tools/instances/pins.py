"""Pins of the sources of the facts of EC2's instance types.

moto contains responses of EC2's DescribeInstanceTypes. The second, older version of moto is the
source of types that EC2 no longer lists and SageMaker's model still has; ``python -m tools
--newest`` moves only the first pin.
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
    """File with responses of DescribeInstanceTypes.

    Attributes:
        package: Wheel with the file.
        member: Path of the file in the wheel.
    """

    package: Package
    member: str


def pinned_dumps() -> list[Dump]:
    """Return the dumps in the order of their precedence."""
    text = resources.files("tools.instances").joinpath("pins.json").read_text("utf-8")
    return [
        Dump(Package(row["name"], row["version"], row["sha256"]), row["member"])
        for row in json.loads(text)
    ]


def with_newest(dumps: Sequence[Dump], package: Package) -> list[Dump]:
    """Return the dumps with another version of the package of the first one."""
    first, *others = dumps
    return [evolve(first, package=package), *others]


def pins_json(dumps: Sequence[Dump]) -> str:
    """Return the text of the file with the pins."""
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
