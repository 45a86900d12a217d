"""Implementations of the same stack: configurations with two variants on instances.

An `Implementation` adds the configurations to a stack. `Models` creates its models beforehand, in
the same way for all implementations.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import attrs
from aws_cdk import Stack
from aws_cdk.aws_sagemaker_alpha import IModel, Model


@attrs.frozen
class Models:
    """Models of the variants: names, and objects of the alpha module; no resources."""

    first: str
    second: str
    first_object: IModel
    second_object: IModel

    @classmethod
    def of(cls, stack: Stack) -> Models:
        """Return the models for a stack."""
        first, second = "churn-2026-01", "churn-2026-02"
        return cls(
            first,
            second,
            Model.from_model_name(stack, "First", first),
            Model.from_model_name(stack, "Second", second),
        )


Implementation: TypeAlias = Callable[[Stack, Models, int], None]
