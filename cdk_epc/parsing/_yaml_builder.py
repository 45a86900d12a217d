"""The events of a YAML document to data: nothing is expanded, and nothing recurses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.parsing._yaml_scalars import (
    COLLECTIONS,
    FUNCTIONS,
    TEXT,
    argument,
    cast,
    plain,
    unknown,
)
from cdk_epc.parsing.document import MOST_LEVELS, MOST_VALUES, UnusableInputError
from cdk_epc.parsing.positions import shown, unusable_at
from cdk_epc.spec.fields import Path
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


Event: TypeAlias = Any  # PyYAML's, which the published stubs do not describe as they are
_MERGE: Final = "<<"


@attrs.define(eq=False)
class _Frame:
    """A container that is not closed yet."""

    value: Json
    offset: int = 0
    depth: int = 0
    spent: int = 0
    anchor: str | None = None
    function: str | None = None
    is_mapping: bool = False
    key: str | None = None
    key_offset: int = 0
    is_merging: bool = False
    merged: list[tuple[Any, int]] = attrs.Factory(list[tuple[Any, int]])
    offsets: list[int] = attrs.Factory(list[int])
    height: int = 0  # of the highest of its children

    def add(self, value: Json, offset: int) -> None:
        """Put in an element, or the value of the key that was put in last."""
        if not self.is_mapping:
            self.value.append(value)
            self.offsets.append(offset)
            return
        if self.is_merging:
            self.merged.append((value, offset))
        else:
            self.value[self.key] = value
            self.offsets.append(self.key_offset)
        self.key = None


@attrs.frozen(eq=False)
class _Anchored:
    """What an alias stands for."""

    value: Json
    size: int
    height: int
    text: str | None  # of a scalar


class Tree:
    """What the events so far come to.

    Attributes:
        root: A list of the document's one value, once its events were all given.
        marks: Where everything stands.
    """

    def __init__(self, text: str) -> None:
        """Nothing yet, of this text."""
        self.root: list[Any] = []
        self.marks = Marks()
        self._text = text
        self._open = [_Frame(self.root)]
        # An anchor without a value is that of a container that is still open.
        self._anchors: dict[str, _Anchored | None] = {}
        self._spent = 0  # values, those behind aliases each time that they are named

    def scalar(self, event: Event) -> None:
        """A scalar: a key, an element, or the value of a member."""
        offset = event.start_mark.index
        self._spend(1, offset)
        frame = self._open[-1]
        text: str = event.value
        if frame.is_mapping and frame.key is None:
            if event.tag is not None and event.tag not in TEXT:
                raise self._wrong(offset, "a key has a tag", "write the key as text")
            is_merge = text == _MERGE and event.implicit[0] and event.tag is None
            self._key(text, offset, is_merge=is_merge)
            value: Json = text
        else:
            value = self._value_of(event, text, offset)
            frame.add(value, offset)
        if event.anchor is not None:
            is_short_form = event.tag in FUNCTIONS
            height, as_key = (2, None) if is_short_form else (0, text)
            self._anchors[event.anchor] = _Anchored(value, 1 + height, height, as_key)

    def start(self, event: Event, value: Container) -> None:
        """A list or a mapping begins."""
        offset = event.start_mark.index
        self._spend(1, offset)
        parent = self._open[-1]
        self._refuse_as_key(parent, offset)
        function = self._function_of(event.tag, offset, type(value))
        depth = parent.depth + (2 if function else 1)
        self._refuse_depth(depth, offset)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._open.append(
            _Frame(
                value,
                offset=offset,
                depth=depth,
                spent=self._spent - 1,
                anchor=event.anchor,
                function=function,
                is_mapping=isinstance(value, dict),
            )
        )

    def end(self, _: Event) -> None:
        """The list or mapping that began last ends."""
        frame = self._open.pop()
        value = self._merge(frame) if frame.merged else frame.value
        self.marks.of_members(value, frame.offsets)
        height = frame.height + 1
        if frame.function:
            value, height = {frame.function: value}, height + 1
            self.marks.of_short_form(value, frame.offset)
        if frame.anchor is not None:
            size = self._spent - frame.spent
            self._anchors[frame.anchor] = _Anchored(value, size, height, None)
        parent = self._open[-1]
        parent.height = max(parent.height, height)
        parent.add(value, frame.offset)

    def alias(self, event: Event) -> None:
        """The same again as an earlier value."""
        offset, name, frame = event.start_mark.index, str(event.anchor), self._open[-1]
        if name not in self._anchors:
            wrong = f"nothing before has the anchor of the alias {shown('*' + name)}"
            raise self._wrong(offset, wrong, f"put {shown('&' + name)} before what it stands for")
        anchored = self._anchors[name]
        if anchored is None:
            wrong = f"the alias {shown('*' + name)} stands in what it stands for"
            raise self._wrong(offset, wrong, "write out what is meant")
        self._spend(anchored.size, offset)
        if frame.is_mapping and frame.key is None and anchored.text is not None:
            self._key(anchored.text, offset)
            return
        self._refuse_as_key(frame, offset)
        self._refuse_depth(frame.depth + anchored.height, offset)
        frame.height = max(frame.height, anchored.height)
        frame.add(anchored.value, offset)

    def _key(self, text: str, offset: int, *, is_merge: bool = False) -> None:
        frame = self._open[-1]
        if not is_merge and text in frame.value:
            raise self._wrong(
                offset, f"the key {shown(text)} is there twice", "take one of them out"
            )
        frame.key, frame.key_offset, frame.is_merging = text, offset, is_merge

    def _value_of(self, event: Event, text: str, offset: int) -> Json:
        tag: str | None = event.tag
        if tag is None:
            return plain(text) if event.implicit[0] else text
        if tag in FUNCTIONS:
            return self._short_form(tag, text, offset)
        try:
            return cast(tag, text)
        except KeyError:
            raise self._wrong(offset, *unknown(tag)) from None
        except ValueError:
            wrong = f"the value {shown(text)} is not what its tag says"
            raise self._wrong(offset, wrong, "take the tag out, or correct the value") from None

    def _short_form(self, tag: str, text: str, offset: int) -> dict[str, Any]:
        self._spend(2, offset)
        given = argument(tag, text)
        value = {FUNCTIONS[tag]: given}
        self.marks.of_short_form(value, offset)
        if isinstance(given, list):
            self.marks.of_short_form(given, offset)
        height = 1 + isinstance(given, list)
        self._refuse_depth(self._open[-1].depth + height, offset)
        self._open[-1].height = max(self._open[-1].height, height)
        return value

    def _function_of(self, tag: str | None, offset: int, kind: type) -> str | None:
        if tag is None or tag == "!" or COLLECTIONS.get(tag) is kind:
            return None
        if tag not in FUNCTIONS:
            raise self._wrong(offset, *unknown(tag))
        return FUNCTIONS[tag]

    def _merge(self, frame: _Frame) -> dict[str, Any]:
        """The mapping with what ``<<`` names; its own members win, then those named first."""
        value: dict[str, Any] = {}
        offsets: dict[str, int] = {}
        for named, offset in frame.merged:
            for each in reversed(named if is_list(named) else [named]):
                if not is_mapping(each) or self.marks.is_short_form(each):
                    wrong = "`<<` is given something else than mappings"
                    raise self._wrong(offset, wrong, "name a mapping, or a list of them")
                self._spend(len(each), offset)
                value.update(each)
                offsets.update(self.marks.by_key(each))
        self.marks.keep(frame.merged)
        offsets.update(zip(frame.value, frame.offsets, strict=True))
        value.update(frame.value)
        frame.offsets = [offsets[key] for key in value]
        return value

    def _spend(self, count: int, offset: int) -> None:
        self._spent += count
        if self._spent > MOST_VALUES:
            wrong = f"with its aliases written out, it holds more than {MOST_VALUES:,} values"
            raise self._wrong(offset, wrong, "write less, or split it into several files")

    def _refuse_depth(self, depth: int, offset: int) -> None:
        if depth > MOST_LEVELS:
            wrong = f"it is nested more than {MOST_LEVELS} levels deep"
            raise self._wrong(offset, wrong, "nothing in AWS is, so write it flatter")

    def _refuse_as_key(self, frame: _Frame, offset: int) -> None:
        if frame.is_mapping and frame.key is None:
            raise self._wrong(offset, "a key is a list or a mapping", "write the key as text")

    def _wrong(self, offset: int, wrong: str, fix: str) -> UnusableInputError:
        return unusable_at(self._text, offset, wrong, fix)
