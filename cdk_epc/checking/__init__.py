"""Check what is no Python: requests of the API and CloudFormation templates.

Nothing here imports ``aws_cdk`` or starts Node.
"""

from __future__ import annotations

from cdk_epc.checking.report import Report
from cdk_epc.checking.requests import check_request, review_request

__all__ = ["Report", "check_request", "review_request"]
