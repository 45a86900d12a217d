"""What execution roles may do, granted as it becomes known what they need."""

from __future__ import annotations

from cdk_epc.access.granting import Access, Need

__all__ = ["Access", "Need"]
