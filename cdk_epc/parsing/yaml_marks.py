"""Where the parts of YAML data stand, kept beside the data while it is built."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from cdk_epc.spec.paths import Path
from cdk_epc.spec.unresolved import is_list, is_mapping

Json: TypeAlias = Any
Container: TypeAlias = "list[Any] | dict[str, Any]"


class Marks:
    """Offsets by the identity of the container, which therefore must live as long as this.

    Of a list, an offset an element; of a mapping, one a key, in the mapping's order; what a short
    form stands for has one offset in all.
    """

    def __init__(self) -> None:
        """Nothing yet."""
        self._offsets: dict[int, list[int] | int] = {}
        self._kept: list[object] = []

    def of_members(self, container: Container, offsets: list[int]) -> None:
        """Note where the elements or keys of this stand."""
        if offsets:
            self._offsets[id(container)] = offsets

    def of_short_form(self, container: Container, offset: int) -> None:
        """Note where the short form stands that this is written out of."""
        self._offsets[id(container)] = offset

    def is_short_form(self, container: Mapping[str, Any]) -> bool:
        """Whether this is written out of a short form."""
        return isinstance(self._offsets.get(id(container)), int)

    def by_key(self, container: Mapping[str, Any]) -> dict[str, int]:
        """Where the keys of a mapping stand."""
        offsets = self._offsets.get(id(container), [])
        if isinstance(offsets, int):
            return dict.fromkeys(container, offsets)
        return dict(zip(container, offsets, strict=True))

    def keep(self, what: object) -> None:
        """Let this live on, so that nothing else takes on the identity of a part of it."""
        self._kept.append(what)

    def offsets_of(self, root: Json, start: int, places: Iterable[Path]) -> dict[Path, int]:
        """Where the places and their parents stand, as far as they are there."""
        found: dict[Path, int] = {(): start}
        keys: dict[int, dict[str, int]] = {}
        for place in places:
            here: Json = root
            for length, step in enumerate(place, 1):
                if is_mapping(here) and step in here:
                    if id(here) not in keys:
                        keys[id(here)] = self.by_key(here)
                    found[place[:length]] = keys[id(here)][str(step)]
                    here = here[step]
                elif is_list(here) and isinstance(step, int) and 0 <= step < len(here):
                    offsets = self._offsets[id(here)]
                    found[place[:length]] = offsets if isinstance(offsets, int) else offsets[step]
                    here = here[step]
                else:
                    break
        return found
