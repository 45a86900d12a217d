"""Everything that the constructor was given, taken into the draft at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cdk_epc.constructs.arguments import as_given
from cdk_epc.constructs.draft import Draft
from cdk_epc.constructs.lowering import key_id, role_arn
from cdk_epc.constructs.pieces import ARGUMENTS, CallSite, Piece
from cdk_epc.spec import Tag
from cdk_epc.spec.unknown import is_list, is_mapping, is_unknown

_VARIANTS: Final = frozenset({"production_variants", "shadow_production_variants"})


def take_in(draft: Draft, given: Mapping[str, object], site: CallSite | None) -> None:
    """Take in what was given for each member of the spec; ``None`` is nothing.

    Raises:
        EndpointConfigError: SageMaker would refuse the configuration, whatever comes later.
    """
    pieces: list[Piece] = []
    changes: dict[str, Any] = {}
    for member, what in given.items():
        argument = ARGUMENTS[member]
        if member in _VARIANTS and is_list(what) and not is_unknown(what):
            variants = [
                Piece((member, index), f"{argument}[{index}]", variant, site)
                for index, variant in enumerate(what)
            ]
            if variants:
                pieces += variants
                changes[member] = tuple(draft.lowered(piece) for piece in variants)
        elif what is not None:
            piece = Piece((member,), argument, what, site)
            pieces.append(piece)
            changes[member] = draft.lowered(piece, _LOWER.get(member, as_given))
    draft.give(pieces, **changes)


def _tags(tags: object) -> object:
    """A token or a mistake stays what it is, for the rules to see."""
    if not is_mapping(tags):
        return tags
    return tuple(Tag(key=key, value=what) for key, what in tags.items())


_LOWER: Final = {"kms_key_id": key_id, "execution_role_arn": role_arn, "tags": _tags}
