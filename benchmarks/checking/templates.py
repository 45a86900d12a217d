"""Templates whose endpoint configurations are those that people wrote: the accepted corpus."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

CORPUS: Final = Path(__file__).parents[2] / "tests" / "data" / "accepted_requests.json"
_NAME: Final = "EndpointConfigName"

Template = dict[str, Any]


class _Written(yaml.SafeDumper):
    """Writes equal values out, as people do, where it would otherwise refer from one to another."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - of the base
        return True


SUFFIXES: Final[Mapping[str, Callable[[Template], str]]] = {
    "json": lambda template: json.dumps(template, indent=1),  # as CDK writes it
    "yaml": lambda template: yaml.dump(template, Dumper=_Written, sort_keys=False),
}
"""How a template becomes text, by the suffix of its file."""


@cache
def _corpus() -> tuple[dict[str, Any], ...]:
    """The properties of each configuration, without the name, which has to differ."""
    requests = (each["request"] for each in json.loads(CORPUS.read_text("utf-8")))
    return tuple(
        {key: value for key, value in request.items() if key != _NAME} for request in requests
    )


def template_of(count: int, first: int = 0) -> Template:
    """A template with so many endpoint configurations, and nothing else.

    Args:
        count: How many; the corpus is gone through as often as it takes.
        first: Where in the corpus to begin.
    """
    corpus = _corpus()
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            f"Config{index}": {
                "Type": "AWS::SageMaker::EndpointConfig",
                "Properties": corpus[index % len(corpus)],
            }
            for index in range(first, first + count)
        },
    }


def write(folder: Path, suffix: str, counts: list[int]) -> list[Path]:
    """Write templates with so many configurations each, the next of the corpus in the next one."""
    files = []
    first = 0
    for number, count in enumerate(counts):
        file = folder / f"{number}.{suffix}"
        file.write_text(SUFFIXES[suffix](template_of(count, first)), "utf-8")
        files.append(file)
        first += count
    return files
