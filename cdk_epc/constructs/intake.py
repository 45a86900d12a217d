"""Everything that a constructor was given, taken into the draft at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from cdk_epc.constructs.call_sites import CallSite, Piece
from cdk_epc.constructs.resource_state import Draft
from cdk_epc.constructs.values import as_given
from cdk_epc.spec import Spec
from cdk_epc.spec.unresolved import is_list, is_unknown

S = TypeVar("S", bound=Spec)


def take_in(draft: Draft[S], given: Mapping[str, object], site: CallSite | None) -> None:
    """Take in what was given for each member of the spec; ``None`` is nothing.

    Raises:
        EndpointConfigError: SageMaker would refuse it, whatever comes later.
    """
    kind = draft.kind
    pieces: list[Piece] = []
    changes: dict[str, Any] = {}
    for member, what in given.items():
        argument = kind.arguments[member]
        if member in kind.lists and is_list(what) and not is_unknown(what):
            items = [
                Piece((member, index), f"{argument}[{index}]", item, site)
                for index, item in enumerate(what)
            ]
            if items:
                pieces += items
                changes[member] = tuple(draft.lowered(piece) for piece in items)
        elif what is not None:
            piece = Piece((member,), argument, what, site)
            pieces.append(piece)
            changes[member] = draft.lowered(piece, kind.lower.get(member, as_given))
    draft.give(pieces, **changes)
