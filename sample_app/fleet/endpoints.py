"""Endpoints of the data file, and the stack of each endpoint."""

from __future__ import annotations

import csv
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FILE: Final = Path(__file__).with_name("endpoints.csv")
HASHED_STACKS: Final = 16
"""Stacks of endpoints without a stack in the data file.

A change moves nearly all endpoints to other stacks, which deletes and creates them. Therefore the
number never changes: a fleet that outgrows these stacks puts new endpoints into further stacks,
with the column ``stack`` of the data file.
"""


class FleetEndpoint(NamedTuple):
    """Row of the data file.

    Attributes:
        store: Store, which is also the name of the endpoint.
        artifact: Key of the model artifact in the bucket.
        instance_type: Instance type.
        minimum: Minimum number of instances.
        maximum: Maximum number of instances.
        requests_per_second: Requests per second that one instance serves.
        stack: Stack of the endpoint.
    """

    store: str
    artifact: str
    instance_type: str
    minimum: int
    maximum: int
    requests_per_second: float
    stack: int


def read_endpoints(file: Path = FILE) -> list[FleetEndpoint]:
    """Return the rows of a data file.

    Raises:
        ValueError: Two rows have the same store.
    """
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(_rows(csv.DictReader(lines)))
    if len({each.store for each in rows}) < len(rows):
        raise ValueError(f"{file.name} has the same store in two rows")
    return rows


def _rows(lines: Iterable[dict[str, str]]) -> Iterator[FleetEndpoint]:
    for line in lines:
        yield FleetEndpoint(
            store=line["store"],
            artifact=line["artifact"],
            instance_type=line["instance_type"],
            minimum=int(line["minimum"]),
            maximum=int(line["maximum"]),
            requests_per_second=float(line["requests_per_second"]),
            stack=int(line["stack"]) if line["stack"] else hashed_stack(line["store"]),
        )


def hashed_stack(store: str) -> int:
    """Return the stack of a store, which depends on its name alone.

    Python's `hash` would return another number in each process.
    """
    return int.from_bytes(sha256(store.encode()).digest()[:8], "big") % HASHED_STACKS
