"""Places in a configuration, and how AWS spells them."""

from __future__ import annotations

from typing import TypeAlias

from cdk_epc.spec.member import Spec, members_of

Path: TypeAlias = tuple[str | int, ...]
"""Python names and list indices from the root: ``("production_variants", 0, "model_name")``."""


def in_aws_words(path: Path, root: type[Spec]) -> str:
    """``ProductionVariants[0].ModelName``, for a path from ``root``.

    Steps that no spec class declares (members that only a request has) are kept as they are.
    """
    words = ""
    here: type[Spec] | None = root
    for step in path:
        if isinstance(step, int):
            words += f"[{step}]"
            continue
        member = next((m for m in members_of(here) if m.name == step), None) if here else None
        words += ("." if words else "") + (member.wire if member else step)
        here = member.part if member else None
    return words
