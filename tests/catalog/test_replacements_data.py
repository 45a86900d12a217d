"""Agreement of the committed data on replacements with the pinned schemas."""

from __future__ import annotations

from pathlib import Path

from cdk_epc.catalog.replacements import create_only_properties
from tools.replacements.generate import TYPES, generate

ROOT = Path(__file__).parents[2]


def test_committed_data_is_that_of_the_installed_schemas() -> None:
    ((path, text),) = generate().items()
    assert (ROOT / path).read_text("utf-8") == text, "run `python -m tools replacements`"


def test_every_type_has_its_properties() -> None:
    found = create_only_properties()
    assert found.keys() == set(TYPES)
    assert found["AWS::SageMaker::Endpoint"] == {"EndpointName"}
    assert found["AWS::SageMaker::InferenceComponent"] == frozenset()
