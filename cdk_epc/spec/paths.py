"""Places in a configuration, and how AWS spells them."""

from __future__ import annotations

from typing import TypeAlias

from cdk_epc.spec.fields import Spec, members_of

Path: TypeAlias = tuple[str | int, ...]
"""Python names and list indices from the root: ``("production_variants", 0, "model_name")``."""


class AsWritten(str):
    """A step that no spec class declares, such as a mistyped member of a request."""

    __slots__ = ()


def aws_steps(path: Path, root: type[Spec]) -> Path:
    """The same path with AWS's names: ``("ProductionVariants", 0, "ModelName")``.

    Steps that no spec class declares are kept as they were written.
    """
    steps: list[str | int] = []
    here: type[Spec] | None = root
    for step in path:
        if isinstance(step, int):
            steps.append(step)
            continue
        declared = members_of(here) if here and not isinstance(step, AsWritten) else ()
        member = next((member for member in declared if member.name == step), None)
        steps.append(member.wire if member else str(step))
        here = member.part if member else None
    return tuple(steps)


def in_aws_words(path: Path, root: type[Spec]) -> str:
    """``ProductionVariants[0].ModelName``, for a path from ``root``."""
    words = ""
    for step in aws_steps(path, root):
        if isinstance(step, int):
            words += f"[{step}]"
        else:
            words += f".{step}" if words else step
    return words
