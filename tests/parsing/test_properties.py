"""Properties that hold for every input."""

import json
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_epc.parsing import UnusableInputError, read_bytes
from cdk_epc.parsing._yaml_scalars import plain_scalar
from cdk_epc.spec.fields import Path

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)
LIKE_YAML = st.lists(
    st.sampled_from(
        [
            *("{", "}", "[", "]", ":", ": ", ",", "- ", "? ", "\n", "\n  ", " ", '"', "'", "|\n"),
            *("&a ", "*a", "!Ref ", "!GetAtt ", "!!int ", "!x ", "<<", "a", "b.c", "1", "~", "#"),
            *("---\n", "...\n", "%TAG ! b\n", "\t", "\r", "\\u00", "\ufeff", "é", "null", "-1e5"),
        ]
    ),
    max_size=30,
).map("".join)


def _places(data: object, here: Path = ()) -> dict[Path, object]:
    """Every path in a document, with its value."""
    found: dict[Path, object] = {here: data}
    members = data.items() if isinstance(data, dict) else []
    members = enumerate(data) if isinstance(data, list) else members
    for step, value in members:
        found |= _places(value, (*here, step))
    return found


def _rest(text: str, position: tuple[int, int]) -> str:
    """Rest of a text from a line and column; all line ends are LF."""
    line, column = position
    return "\n".join([text.split("\n")[line - 1][column - 1 :], *text.split("\n")[line:]])


@given(st.one_of(st.binary(), LIKE_YAML.map(str.encode)), st.sampled_from([None, True, False]))
@settings(max_examples=500)
def test_a_document_or_one_line(content: bytes, yaml: bool | None):  # noqa: FBT001 - drawn
    try:
        document = read_bytes(content, yaml=yaml)
    except UnusableInputError as error:
        assert str(error).isprintable()  # noqa: PT017 - most inputs, but not all
        return
    places = _places(document.data)
    assert set(document.positions(places)) == set(places)


@given(VALUES, st.sampled_from([None, 0, 2, "\t"]), st.booleans(), st.sampled_from([None, False]))
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_json_reads_back(
    value: object,
    indent: int | str | None,
    ascii_only: bool,  # noqa: FBT001 - drawn
    sure: bool | None,  # noqa: FBT001 - drawn
):
    if sure is None and not isinstance(value, dict | list):
        value = [value]
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    document = read_bytes(text.encode(), yaml=sure)
    assert document.data == value
    places = _places(value)
    for place, position in document.positions(places).items():
        found, _ = json.JSONDecoder().raw_decode(_rest(text, position))
        is_member = place and isinstance(place[-1], str)
        assert found == (place[-1] if is_member else places[place])


@given(VALUES, st.sampled_from([None, True, False]))
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_yaml_reads_back(value: object, flow: bool | None):  # noqa: FBT001 - drawn
    text = yaml.safe_dump(value, default_flow_style=flow)
    document = read_bytes(text.encode(), yaml=True)
    assert document.data == value
    document.positions(_places(value))


@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.integers(), min_size=1))
def test_yaml_positions_are_those_of_the_keys(value: dict[str, int]):
    text = yaml.safe_dump({"outer": [value]})
    document = read_bytes(text.encode())
    for place, position in document.positions(_places(document.data)).items():
        if len(place) == 3:
            line = _rest(text, position).partition("\n")[0]
            key, _, number = line.partition(": ")
            key = str(plain_scalar(key)) if key[0] not in "'\"" else key[1:-1]
            assert (key, int(number)) == (place[-1], value[key])
