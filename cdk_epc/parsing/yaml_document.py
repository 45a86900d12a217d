"""YAML, by the events of libyaml; PyYAML is imported here alone, and only when it is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from cdk_epc.parsing._yaml_builder import Event, Marks, Tree
from cdk_epc.parsing.document import MOST_BYTES_WITHOUT_LIBYAML, Position, UnusableInputError
from cdk_epc.parsing.positions import located, shown, unusable_at
from cdk_epc.spec.fields import Path

if TYPE_CHECKING:  # PyYAML is an extra, and costs time to import
    import yaml

# https://yaml.org/spec/1.1/#c-printable; a byte order mark is none in the middle of a text.
_UNPRINTABLE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
# libyaml compares each of them with all those before it, and CloudFormation needs none.
_TAG_DIRECTIVE: Final = re.compile("(?:\\A|[\n\r\x85\u2028\u2029])%TAG")
_MOST_TAG_DIRECTIVES: Final = 100


@attrs.frozen(eq=False)
class YamlDocument:
    """YAML that was read.

    Attributes:
        data: The whole of it, short forms written out. Aliases of one anchor share their value.
        text: What it was read from.
        marks: Where everything stands.
        start: Where the document starts in the text.
    """

    data: Any
    text: str = attrs.field(repr=False)
    marks: Marks = attrs.field(repr=False)
    start: int

    def positions(self, places: Iterable[Path]) -> Mapping[Path, Position]:
        """Where these stand: the key of a member, the start of an element of a list."""
        asked = list(places)
        return located(self.text, asked, self.marks.offsets_of(self.data, self.start, asked))


def read_yaml(text: str) -> YamlDocument:
    """Read YAML.

    Raises:
        UnusableInputError: It is none, or it has what nobody can make data of: unknown tags, keys
            twice, aliases without bounds; or PyYAML is missing.
    """
    try:
        import yaml  # noqa: PLC0415 - an extra, and costs time to import
    except ImportError:
        raise UnusableInputError(
            'it is YAML, which PyYAML reads; install it with `pip install "cdk-epc[yaml]"`'
        ) from None
    if len(_TAG_DIRECTIVE.findall(text)) > _MOST_TAG_DIRECTIVES:
        raise UnusableInputError(f"it has more than {_MOST_TAG_DIRECTIVES} `%TAG`; take them out")
    if unprintable := _UNPRINTABLE.search(text):
        wrong = f"it is not YAML: there is the character {unprintable[0]!r}"
        raise unusable_at(text, unprintable.start(), wrong, "write it as an escape, or take it out")
    try:
        return _read(text, _parser(text))
    except yaml.YAMLError as error:
        raise _not_yaml(text, error) from None


def _parser(text: str) -> yaml.CSafeLoader | yaml.SafeLoader:
    import yaml  # noqa: PLC0415 - as above

    if hasattr(yaml, "CSafeLoader"):
        return yaml.CSafeLoader(text)
    if len(text) > MOST_BYTES_WITHOUT_LIBYAML:
        raise UnusableInputError(
            f"it is YAML of {len(text):,} characters, and without libyaml "
            f"{MOST_BYTES_WITHOUT_LIBYAML:,} are read at most; install a PyYAML that has libyaml"
        )
    return yaml.SafeLoader(text)


def _read(text: str, parser: yaml.CSafeLoader | yaml.SafeLoader) -> YamlDocument:
    import yaml  # noqa: PLC0415 - as above

    tree, starts = Tree(text), list[int]()
    handlers: dict[type, Callable[[Any], None]] = {
        yaml.ScalarEvent: tree.scalar,
        yaml.SequenceStartEvent: lambda event: tree.start(event, []),
        yaml.MappingStartEvent: lambda event: tree.start(event, {}),
        yaml.SequenceEndEvent: tree.end,
        yaml.MappingEndEvent: tree.end,
        yaml.AliasEvent: tree.alias,
        yaml.DocumentStartEvent: lambda event: _first(text, starts, event.start_mark.index),
    }
    # The stubs leave the C parser's methods without types.
    next_event: Callable[[], Event] = getattr(parser, "get_event")  # noqa: B009
    for event in iter(next_event, None):
        if handler := handlers.get(event.__class__):
            handler(event)
    if not tree.root:
        raise UnusableInputError("it is empty but for comments; write a template or a request")
    if isinstance(parser, yaml.SafeLoader):
        _refuse_lone_surrogates(tree.root)
    return YamlDocument(tree.root[0], text, tree.marks, starts[0])


def _refuse_lone_surrogates(data: object) -> None:
    """PyYAML reads them without libyaml, which does not."""
    import json  # noqa: PLC0415 - for this alone

    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = ascii(error.object[error.start])[1:-1]
        raise UnusableInputError(
            f"half of a character, {half}, stands without its other half; "
            "write the character itself"
        ) from None


def _first(text: str, starts: list[int], offset: int) -> None:
    starts.append(offset)
    if len(starts) > 1:
        fix = "put each into a file of its own"
        raise unusable_at(text, offset, "it holds several YAML documents: the second starts", fix)


def _not_yaml(text: str, error: yaml.YAMLError) -> UnusableInputError:
    """The error about the grammar, in PyYAML's own words."""
    import yaml  # noqa: PLC0415 - as above

    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return UnusableInputError(f"it is not YAML: {shown(str(error))}; mend it")
    words = ", ".join(part for part in (error.context, error.problem) if part)
    wrong = f"it is not YAML: {' '.join(words.split())}"
    offset = min(error.problem_mark.index, len(text))
    if text[offset : offset + 1] == "\t":
        return unusable_at(text, offset, "it is not YAML: there is a tab", "indent with spaces")
    return unusable_at(text, offset, wrong, "mend it")
