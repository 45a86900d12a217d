"""What execution roles may do, granted as it becomes known what they need."""

from __future__ import annotations

from cdk_epc.access import needs
from cdk_epc.access.granting import Access, Need
from cdk_epc.access.role import ExecutionRole

__all__ = ["Access", "ExecutionRole", "Need", "needs"]
