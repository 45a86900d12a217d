"""Templates with the endpoint configurations of the corpus of accepted requests."""

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
    """YAML dumper that repeats equal values, as people do, instead of writing aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - of the base
        return True


SUFFIXES: Final[Mapping[str, Callable[[Template], str]]] = {
    "json": lambda template: json.dumps(template, indent=1),  # as CDK writes it
    "yaml": lambda template: yaml.dump(template, Dumper=_Written, sort_keys=False),
}
"""Function that converts a template to text, by the suffix of the file."""


@cache
def _corpus() -> tuple[dict[str, Any], ...]:
    """Return the properties of each configuration without the name, which must be unique."""
    requests = (each["request"] for each in json.loads(CORPUS.read_text("utf-8")))
    return tuple(
        {key: value for key, value in request.items() if key != _NAME} for request in requests
    )


def template_of(count: int, first: int = 0) -> Template:
    """Return a template with endpoint configurations only.

    Args:
        count: Number of configurations; the corpus is repeated as often as needed.
        first: Index of the first configuration in the corpus.
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
    """Write one template for each count; each continues in the corpus where the last one ended."""
    files = []
    first = 0
    for number, count in enumerate(counts):
        file = folder / f"{number}.{suffix}"
        file.write_text(SUFFIXES[suffix](template_of(count, first)), "utf-8")
        files.append(file)
        first += count
    return files


def _requests(count: int) -> list[dict[str, Any]]:
    """Return requests with one finding each."""
    variant = {
        "VariantName": "main",
        "ModelName": "m",
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 0,
    }
    return [
        {"EndpointConfigName": f"config-{index}", "ProductionVariants": [variant]}
        for index in range(count)
    ]


def _equal_tags(count: int) -> Template:
    """Return a template whose configuration has equal tags."""
    (request,) = _requests(1)
    properties = {**request, "Tags": [{"Key": "team", "Value": "fraud"}] * count}
    config = {"Type": "AWS::SageMaker::EndpointConfig", "Properties": properties}
    return {"Resources": {"Config": config}}


WITH_FINDINGS: Final[Mapping[str, tuple[Callable[[int], Any], int]]] = {
    "requests with a finding": (_requests, 2_000),
    "equal tags": (_equal_tags, 4_000),
}
"""Function from a number of findings to a document, and the smaller of the compared numbers."""
