"""The ways to write the same: configurations of two variants on instances, many to a stack.

A `Way` adds them to a stack; what it needs beforehand is made by `Models`, alike for all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import attrs
from aws_cdk import Stack
from aws_cdk.aws_sagemaker_alpha import IModel, Model


@attrs.frozen
class Models:
    """The models that the variants run: their names, and the alpha's objects, no resources."""

    first: str
    second: str
    first_object: IModel
    second_object: IModel

    @classmethod
    def of(cls, stack: Stack) -> Models:
        """The models, in whichever way they are to be used."""
        first, second = "churn-2026-01", "churn-2026-02"
        return cls(
            first,
            second,
            Model.from_model_name(stack, "First", first),
            Model.from_model_name(stack, "Second", second),
        )


Way: TypeAlias = Callable[[Stack, Models, int], None]
