"""The types of the API are an interface: misuse fails type checking, and use passes it."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

from cdk_epc import (
    Endpoint,
    EndpointConfig,
    EndpointConfigOptions,
    EndpointOptions,
    InferenceComponent,
    InferenceComponentOptions,
    Model,
    ModelOptions,
)

HERE = Path(__file__).parent


@pytest.mark.pin_only
def test_misuse_fails_and_use_passes_type_checking(monkeypatch: pytest.MonkeyPatch) -> None:
    """With strict mypy an ignore that nothing needs is an error, so no misuse may pass."""
    from mypy import api

    monkeypatch.setenv("MYPYPATH", str(HERE))  # one file imports the other
    output, errors, status = api.run(
        ["--strict", *(str(HERE / f"{n}.py") for n in ("right", "misuse"))]
    )
    assert (status, errors) == (0, ""), output


@pytest.mark.parametrize(
    ("construct", "options", "required"),
    [
        (EndpointConfig, EndpointConfigOptions, set[str]()),
        (Model, ModelOptions, set[str]()),
        (Endpoint, EndpointOptions, {"endpoint_config"}),
        (InferenceComponent, InferenceComponentOptions, {"endpoint"}),
    ],
)
def test_options_are_the_arguments(construct: Any, options: Any, required: set[str]) -> None:
    parameters = inspect.signature(construct.__init__).parameters.values()
    arguments = {
        each.name: each.annotation for each in parameters if each.kind is each.KEYWORD_ONLY
    }
    declared = {name: each.__forward_arg__ for name, each in options.__annotations__.items()}
    assert {name: each for name, each in arguments.items() if name not in required} == declared
    assert required == arguments.keys() - declared.keys()
