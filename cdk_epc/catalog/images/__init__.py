"""The container images that SageMaker publishes: whose registry has them in which region.

Importing this package reads no data; it is read on the first question. The data is what SageMaker's
own Python SDK ships (see NOTICE), so it is as old as this library; nothing here says that an image
that it does not know is wrong.
"""

from __future__ import annotations

from cdk_epc.catalog.images._data import Repository
from cdk_epc.catalog.images._lookup import (
    SHORT_NAMES,
    account_of,
    families,
    find,
    near,
    regions_of,
    repositories,
    repositories_of,
    repository_of,
)

__all__ = [
    "SHORT_NAMES",
    "Repository",
    "account_of",
    "families",
    "find",
    "near",
    "regions_of",
    "repositories",
    "repositories_of",
    "repository_of",
]
