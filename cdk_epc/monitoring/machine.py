"""What a variant runs on."""

from __future__ import annotations

import attrs

from cdk_epc.catalog.instances import InstanceType


@attrs.frozen(kw_only=True)
class Machine:
    """What is known of what a variant runs on.

    Attributes:
        types: Its instance types; none where one is not known.
        is_capturing: Whether requests are captured, which takes space on the disk.
    """

    types: tuple[InstanceType, ...] = ()
    is_capturing: bool = False
