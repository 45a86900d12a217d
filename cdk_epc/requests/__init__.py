"""Check of API requests, and of responses that describe a configuration or a model."""

from __future__ import annotations

from cdk_epc.requests.check import check_request, review_request, review_requests
from cdk_epc.requests.conversion import ReadRequest, read_request

__all__ = ["ReadRequest", "check_request", "read_request", "review_request", "review_requests"]
