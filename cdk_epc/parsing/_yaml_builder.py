"""Builder of data from the events of a YAML document; it neither copies aliases nor recurses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.parsing._yaml_scalars import (
    COLLECTIONS,
    FUNCTIONS,
    TEXT_TAGS,
    plain_scalar,
    short_form_argument,
    tagged_scalar,
    unknown_tag,
)
from cdk_epc.parsing.document import MAX_DEPTH, MAX_REPEATED, MAX_VALUES, UnusableInputError
from cdk_epc.parsing.positions import quoted, unusable_at
from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import is_list, is_mapping

Json: TypeAlias = Any
Container: TypeAlias = "list[Any] | dict[str, Any]"


class Offsets:
    """Offsets of values in a text, by the identity of their container.

    The containers must live as long as this object. A list has one offset for each item, a mapping
    one for each key in its order, and the long form of a short form has a single offset.
    """

    def __init__(self) -> None:
        """Create an empty collection."""
        self._offsets: dict[int, list[int] | int] = {}
        self._kept: list[object] = []

    def set_members(self, container: Container, offsets: list[int]) -> None:
        """Record the offsets of the items or keys of a container."""
        if offsets:
            self._offsets[id(container)] = offsets

    def set_short_form(self, container: Container, offset: int) -> None:
        """Record the offset of the short form from which a container was built."""
        self._offsets[id(container)] = offset

    def is_short_form(self, container: Mapping[str, Any]) -> bool:
        """Return whether a mapping was built from a short form."""
        return isinstance(self._offsets.get(id(container)), int)

    def by_key(self, container: Mapping[str, Any]) -> dict[str, int]:
        """Return the offsets of the keys of a mapping."""
        offsets = self._offsets.get(id(container), [])
        if isinstance(offsets, int):
            return dict.fromkeys(container, offsets)
        return dict(zip(container, offsets, strict=True))

    def keep(self, value: object) -> None:
        """Keep a value alive, so that no other object gets the identity of one of its parts."""
        self._kept.append(value)

    def of_paths(self, root: Json, start: int, paths: Iterable[Path]) -> dict[Path, int]:
        """Return the offsets of the existing paths and their parents."""
        found: dict[Path, int] = {(): start}
        keys: dict[int, dict[str, int]] = {}
        for path in paths:
            here: Json = root
            for length, step in enumerate(path, 1):
                if is_mapping(here) and step in here:
                    if id(here) not in keys:
                        keys[id(here)] = self.by_key(here)
                    found[path[:length]] = keys[id(here)][str(step)]
                    here = here[step]
                elif is_list(here) and isinstance(step, int) and 0 <= step < len(here):
                    offsets = self._offsets[id(here)]
                    found[path[:length]] = offsets if isinstance(offsets, int) else offsets[step]
                    here = here[step]
                else:
                    break
        return found


Event: TypeAlias = Any  # an event of PyYAML, whose published type stubs are incomplete
_MERGE: Final = "<<"


@attrs.define(eq=False)
class _Frame:
    """Container that is not closed yet."""

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
    moved: dict[str, int] = attrs.Factory(dict[str, int])  # offsets of repeated keys
    dropped: list[Any] = attrs.Factory(list[Any])  # values before those of repeated keys
    height: int = 0  # maximum of its children

    def add(self, value: Json, offset: int) -> None:
        """Add an item, or the value of the last key."""
        if not self.is_mapping:
            self.value.append(value)
            self.offsets.append(offset)
            return
        if self.is_merging:
            self.merged.append((value, offset))
        else:
            if self.key in self.value:
                self.moved[str(self.key)] = self.key_offset
                self.dropped.append(self.value[self.key])
            else:
                self.offsets.append(self.key_offset)
            self.value[self.key] = value
        self.key = None


@attrs.frozen(eq=False)
class _Anchored:
    """Value of an anchor, to which aliases refer."""

    value: Json
    size: int
    height: int
    text: str | None  # text of a scalar


class YamlBuilder:
    """Builder of the data of a document from its events.

    Attributes:
        root: List of the document's only value, complete after the last event.
        offsets: Offsets of all values.
        repeated: Repeated keys with their offsets; the last value of each applies.
    """

    def __init__(self, text: str) -> None:
        """Create a builder for the events of this text."""
        self.root: list[Any] = []
        self.offsets = Offsets()
        self.repeated: list[tuple[str, int]] = []
        self._text = text
        self._open = [_Frame(self.root)]
        # The anchor of a container that is still open has no value yet.
        self._anchors: dict[str, _Anchored | None] = {}
        self._spent = 0  # number of values, with those of aliases counted at each use

    def scalar(self, event: Event) -> None:
        """Add a scalar: a key, an item, or the value of a member."""
        offset = event.start_mark.index
        self._spend(1, offset)
        frame = self._open[-1]
        text: str = event.value
        if frame.is_mapping and frame.key is None:
            if event.tag is not None and event.tag not in TEXT_TAGS:
                raise self._error(offset, "the key has a tag", "write the key as text")
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
        """Start a list or a mapping."""
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
        """End the innermost list or mapping."""
        frame = self._open.pop()
        if frame.moved:
            self.offsets.keep(frame.dropped)
            keys = zip(frame.value, frame.offsets, strict=True)
            frame.offsets = [frame.moved.get(key, offset) for key, offset in keys]
        value = self._merge(frame) if frame.merged else frame.value
        self.offsets.set_members(value, frame.offsets)
        height = frame.height + 1
        if frame.function:
            value, height = {frame.function: value}, height + 1
            self.offsets.set_short_form(value, frame.offset)
        if frame.anchor is not None:
            size = self._spent - frame.spent
            self._anchors[frame.anchor] = _Anchored(value, size, height, None)
        parent = self._open[-1]
        parent.height = max(parent.height, height)
        parent.add(value, frame.offset)

    def alias(self, event: Event) -> None:
        """Add the value of an anchor again."""
        offset, name, frame = event.start_mark.index, str(event.anchor), self._open[-1]
        if name not in self._anchors:
            problem = f"there is no earlier anchor for the alias {quoted('*' + name)}"
            raise self._error(offset, problem, f"define the anchor {quoted('&' + name)} before it")
        anchored = self._anchors[name]
        if anchored is None:
            problem = f"the value of an anchor contains its own alias {quoted('*' + name)}"
            raise self._error(offset, problem, "write the value without the alias")
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
        if not is_merge and text in frame.value and len(self.repeated) < MAX_REPEATED:
            self.repeated.append((text, offset))
        frame.key, frame.key_offset, frame.is_merging = text, offset, is_merge

    def _value_of(self, event: Event, text: str, offset: int) -> Json:
        tag: str | None = event.tag
        if tag is None:
            return plain_scalar(text) if event.implicit[0] else text
        if tag in FUNCTIONS:
            return self._short_form(tag, text, offset)
        try:
            return tagged_scalar(tag, text)
        except KeyError:
            raise self._error(offset, *unknown_tag(tag)) from None
        except ValueError:
            problem = f"the value {quoted(text)} does not match its tag"
            raise self._error(offset, problem, "remove the tag, or correct the value") from None

    def _short_form(self, tag: str, text: str, offset: int) -> dict[str, Any]:
        self._spend(2, offset)
        given = short_form_argument(tag, text)
        value = {FUNCTIONS[tag]: given}
        self.offsets.set_short_form(value, offset)
        if isinstance(given, list):
            self.offsets.set_short_form(given, offset)
        height = 1 + isinstance(given, list)
        self._refuse_depth(self._open[-1].depth + height, offset)
        self._open[-1].height = max(self._open[-1].height, height)
        return value

    def _function_of(self, tag: str | None, offset: int, kind: type) -> str | None:
        if tag is None or tag == "!" or COLLECTIONS.get(tag) is kind:
            return None
        if tag not in FUNCTIONS:
            raise self._error(offset, *unknown_tag(tag))
        return FUNCTIONS[tag]

    def _merge(self, frame: _Frame) -> dict[str, Any]:
        """Return a mapping with the members of ``<<``.

        Members of the mapping itself take precedence, then those of the first named mapping.
        """
        value: dict[str, Any] = {}
        offsets: dict[str, int] = {}
        for named, offset in frame.merged:
            for each in reversed(named if is_list(named) else [named]):
                if not is_mapping(each) or self.offsets.is_short_form(each):
                    problem = "`<<` has a value that is not a mapping"
                    raise self._error(
                        offset, problem, "use the alias of a mapping, or a list of them"
                    )
                self._spend(len(each), offset)
                value.update(each)
                offsets.update(self.offsets.by_key(each))
        self.offsets.keep(frame.merged)
        offsets.update(zip(frame.value, frame.offsets, strict=True))
        value.update(frame.value)
        frame.offsets = [offsets[key] for key in value]
        return value

    def _spend(self, count: int, offset: int) -> None:
        self._spent += count
        if self._spent > MAX_VALUES:
            problem = f"the input, with its aliases expanded, has more than {MAX_VALUES:,} values"
            raise self._error(offset, problem, "split it into several files")

    def _refuse_depth(self, depth: int, offset: int) -> None:
        if depth > MAX_DEPTH:
            problem = f"the input is nested more than {MAX_DEPTH} levels deep"
            raise self._error(offset, problem, "reduce the nesting")

    def _refuse_as_key(self, frame: _Frame, offset: int) -> None:
        if frame.is_mapping and frame.key is None:
            raise self._error(offset, "the key is a list or a mapping", "write the key as text")

    def _error(self, offset: int, problem: str, fix: str) -> UnusableInputError:
        return unusable_at(self._text, offset, problem, fix)
