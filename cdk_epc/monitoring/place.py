"""Where a metric is looked for: its dimensions, and what is known of whoever publishes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs

from cdk_epc.metrics import Dimensions, Feature

if TYPE_CHECKING:
    from constructs import Construct

    from cdk_epc.spec import Hosting


@attrs.frozen(kw_only=True, eq=False)
class Place:
    """Whom a metric is asked of.

    Attributes:
        scope: The construct whose region and account the metric is of.
        title: How people know it, for example ``variant 'blue'``.
        by: The set of dimensions.
        dimensions: Their values.
        hosting: The kind of endpoint; ``None`` where that is not known.
        lacks: What is known not to be in use.
        is_enhanced: Whether enhanced metrics are published; ``None`` where that is not known.
    """

    scope: Construct
    title: str
    by: Dimensions
    dimensions: Mapping[str, str]
    hosting: Hosting | None = None
    lacks: frozenset[Feature] = frozenset()
    is_enhanced: bool | None = None
