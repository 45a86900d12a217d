"""YAML documents, built from the events of PyYAML, which is imported only here and on demand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from cdk_epc.parsing._yaml_builder import Event, Offsets, YamlBuilder
from cdk_epc.parsing.document import (
    MAX_BYTES_WITHOUT_LIBYAML,
    Position,
    RepeatedKey,
    UnusableInputError,
)
from cdk_epc.parsing.positions import positions_of, quoted, repeated_at, unusable_at
from cdk_epc.spec.fields import Path

if TYPE_CHECKING:  # PyYAML is an optional dependency and slow to import
    import yaml

# https://yaml.org/spec/1.1/#c-printable, without the byte order mark, which only starts a text.
_UNPRINTABLE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
# libyaml compares each directive with all earlier ones, and CloudFormation needs none.
_TAG_DIRECTIVE: Final = re.compile("(?:\\A|[\n\r\x85\u2028\u2029])%TAG")
_MAX_TAG_DIRECTIVES: Final = 100


@attrs.frozen(eq=False)
class YamlDocument:
    """Parsed YAML.

    Attributes:
        data: Content, with short forms in their long form. Aliases of one anchor share one value.
        text: Text of the document.
        offsets: Offsets of all values.
        start: Offset of the document in the text.
        repeated_keys: Keys that occur again in the same mapping, with the last value.
    """

    data: Any
    text: str = attrs.field(repr=False)
    offsets: Offsets = attrs.field(repr=False)
    start: int
    repeated_keys: tuple[RepeatedKey, ...] = ()

    def positions(self, paths: Iterable[Path]) -> Mapping[Path, Position]:
        """Return the position of the key of each member and of the start of each item."""
        requested = list(paths)
        offsets = self.offsets.of_paths(self.data, self.start, requested)
        return positions_of(self.text, requested, offsets)


def read_yaml(text: str) -> YamlDocument:
    """Read YAML.

    Raises:
        UnusableInputError: The text is not YAML, has unknown tags or too many aliased
            values, or PyYAML is not installed.
    """
    try:
        import yaml  # noqa: PLC0415 - optional and slow to import
    except ImportError:
        raise UnusableInputError(
            'the input is YAML, which needs PyYAML; install it with `pip install "cdk-epc[yaml]"`'
        ) from None
    if len(_TAG_DIRECTIVE.findall(text)) > _MAX_TAG_DIRECTIVES:
        raise UnusableInputError(
            f"the YAML has more than {_MAX_TAG_DIRECTIVES} `%TAG` directives; remove them"
        )
    if unprintable := _UNPRINTABLE.search(text):
        problem = f"the input is not YAML: the character {unprintable[0]!r} is not allowed"
        fix = "write an escape sequence, or remove the character"
        raise unusable_at(text, unprintable.start(), problem, fix)
    try:
        return _read(text, _parser(text))
    except yaml.YAMLError as error:
        raise _not_yaml(text, error) from None


def _parser(text: str) -> yaml.CSafeLoader | yaml.SafeLoader:
    import yaml  # noqa: PLC0415 - as above

    if hasattr(yaml, "CSafeLoader"):
        return yaml.CSafeLoader(text)
    if len(text) > MAX_BYTES_WITHOUT_LIBYAML:
        raise UnusableInputError(
            f"the YAML has {len(text):,} characters, and without libyaml at most "
            f"{MAX_BYTES_WITHOUT_LIBYAML:,} are read; install a PyYAML with libyaml"
        )
    return yaml.SafeLoader(text)


def _read(text: str, parser: yaml.CSafeLoader | yaml.SafeLoader) -> YamlDocument:
    import yaml  # noqa: PLC0415 - as above

    builder, starts = YamlBuilder(text), list[int]()
    handlers: dict[type, Callable[[Any], None]] = {
        yaml.ScalarEvent: builder.scalar,
        yaml.SequenceStartEvent: lambda event: builder.start(event, []),
        yaml.MappingStartEvent: lambda event: builder.start(event, {}),
        yaml.SequenceEndEvent: builder.end,
        yaml.MappingEndEvent: builder.end,
        yaml.AliasEvent: builder.alias,
        yaml.DocumentStartEvent: lambda event: _first(text, starts, event.start_mark.index),
    }
    # The type stubs have no types for the methods of the C parser.
    next_event: Callable[[], Event] = getattr(parser, "get_event")  # noqa: B009
    for event in iter(next_event, None):
        if handler := handlers.get(event.__class__):
            handler(event)
    if not builder.root:
        raise UnusableInputError("the YAML has only comments; write a template or a request")
    if isinstance(parser, yaml.SafeLoader):
        _refuse_lone_surrogates(builder.root)
    repeated = repeated_at(text, builder.repeated)
    return YamlDocument(builder.root[0], text, builder.offsets, starts[0], repeated)


def _refuse_lone_surrogates(data: object) -> None:
    """Refuse lone surrogates, which pure PyYAML accepts and libyaml does not."""
    import json  # noqa: PLC0415 - only needed without libyaml

    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = ascii(error.object[error.start])[1:-1]
        raise UnusableInputError(
            f"the surrogate {half} is not part of a pair; write the character itself"
        ) from None


def _first(text: str, starts: list[int], offset: int) -> None:
    starts.append(offset)
    if len(starts) > 1:
        problem = "the file has several YAML documents; the second starts"
        raise unusable_at(text, offset, problem, "put each document into a separate file")


def _not_yaml(text: str, error: yaml.YAMLError) -> UnusableInputError:
    """Return the error of a syntax error, with PyYAML's description."""
    import yaml  # noqa: PLC0415 - as above

    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return UnusableInputError(
            f"the input is not YAML: {quoted(str(error))}; correct the syntax"
        )
    words = ", ".join(part for part in (error.context, error.problem) if part)
    problem = f"the input is not YAML: {' '.join(words.split())}"
    offset = min(error.problem_mark.index, len(text))
    if text[offset : offset + 1] == "\t":
        problem = "the input is not YAML: a tab is not allowed as indentation"
        return unusable_at(text, offset, problem, "indent with spaces")
    return unusable_at(text, offset, problem, "correct the syntax")
