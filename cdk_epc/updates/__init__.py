"""Comparison of an old and a new app: the resources that an update replaces, and its rules.

This package does not import ``aws_cdk`` and does not start Node.
"""

from __future__ import annotations

from cdk_epc.updates.review import UpdateReport, review_update

__all__ = ["UpdateReport", "review_update"]
