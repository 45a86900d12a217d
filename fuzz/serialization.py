"""Random serialization of data as JSON or YAML, and random damage of the text."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import yaml

from cdk_epc.parsing._yaml_scalars import FUNCTIONS
from fuzz import mutations, seeds

_SHORT_FORMS = {name: tag for tag, name in FUNCTIONS.items()}
_TOKENS = [
    *("{", "}", "[", "]", ":", ": ", ",", "- ", "? ", "\n", "\n  ", "\n\t", " ", '"', "'", "|\n"),
    *(
        "&a ",
        "*a",
        "!Ref ",
        "!GetAtt ",
        "!Sub ",
        "!!int ",
        "!!binary ",
        "!x ",
        "<<: ",
        "<<",
        "=",
        "a",
    ),
    *("b.c", "1", "1e9", "-0x_", "1:30", ".inf", "NaN", "-Infinity", "~", "#", "---\n", "...\n"),
    *(
        "%TAG ! b\n",
        "%YAML 1.1\n",
        "\r",
        "\r\n",
        "\\u00",
        '"\\ud800"',
        "\ufeff",
        "é",
        "\x85",
        "null",
    ),
    *("Resources", "Type", "Properties", "ProductionVariants", "AWS::SageMaker::EndpointConfig"),
    *("{{", "[[[[[[[[", "9" * 400, "- " * 120, "\0", "\x07", "😀", "Fn::Sub", "${"),
]
_MAX_EDITS = 6


def content(random: Random) -> bytes:
    """Return a random input."""
    kind = random.random()
    if kind < 0.05:  # noqa: PLR2004 - a share, as below
        return random.randbytes(random.choice((0, 1, 2, 3, 8, 40, 300)))
    if kind < 0.15:  # noqa: PLR2004
        return "".join(random.choices(_TOKENS, k=random.randrange(1, 40))).encode()
    if kind < 0.3:  # noqa: PLR2004
        return _broken(random.choice(seeds.texts()), random)
    written = _written(mutations.mutated_data(random), random)
    return _broken(written, random) if kind < 0.4 else written  # noqa: PLR2004


def _written(data: Any, random: Random) -> bytes:  # noqa: ANN401 - JSON
    way = random.randrange(6)
    if way == 0:
        return yaml.safe_dump(data, sort_keys=False, allow_unicode=True).encode(
            errors="surrogatepass"
        )
    if way in {1, 2}:
        return _short(data).encode(errors="surrogatepass")
    text = json.dumps(data, indent=random.choice((None, 1, "\t")), ensure_ascii=way == 3)  # noqa: PLR2004
    encoding = random.choice(("utf-8",) * 8 + ("utf-16", "utf-32", "utf-8-sig"))
    return text.encode(encoding, errors="surrogatepass")


def _short(data: Any) -> str:  # noqa: ANN401 - JSON
    """Return YAML in flow style with the short forms of intrinsic functions."""
    if isinstance(data, dict):
        if len(data) == 1 and (only := next(iter(data))) in _SHORT_FORMS:
            return f"{_SHORT_FORMS[only]} {_short(data[only])}"
        return "{" + ", ".join(f"{json.dumps(k)}: {_short(v)}" for k, v in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(_short, data)) + "]"
    return json.dumps(data, ensure_ascii=False)


def _broken(given: bytes, random: Random) -> bytes:
    text = bytearray(given)
    for _ in range(random.randrange(1, _MAX_EDITS)):
        at, kind = random.randrange(len(text) + 1), random.randrange(6)
        end = min(len(text), at + random.choice((1, 1, 4, 30)))
        if kind == 0:
            text[at:end] = b""
        elif kind == 1:
            text[at:at] = random.choice(_TOKENS).encode()
        elif kind == 2:  # noqa: PLR2004 - a kind, as below
            text[at:at] = text[at:end] * random.choice((1, 2, 50))
        elif kind == 3:  # noqa: PLR2004
            text[at:end] = random.randbytes(end - at)
        elif kind == 4:  # noqa: PLR2004
            text[at:end] = random.choice(_TOKENS).encode()
        elif random.random() < 0.2:  # noqa: PLR2004
            del text[at:]
    return bytes(text)
