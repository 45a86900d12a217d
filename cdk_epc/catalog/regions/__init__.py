"""What is published about AWS's regions, as far as endpoint configurations meet it.

Importing this package reads no data; it is read on the first question.
"""

from __future__ import annotations

from cdk_epc.catalog.regions._lookup import (
    SERVERLESS_LARGE_QUOTA_REGIONS,
    has_serverless,
    hosts,
    partition_of,
    serverless_concurrency,
    url_suffix_of,
)

__all__ = [
    "SERVERLESS_LARGE_QUOTA_REGIONS",
    "has_serverless",
    "hosts",
    "partition_of",
    "serverless_concurrency",
    "url_suffix_of",
]
