"""Accounts and regions of the shop, and the repository of its code.

All are examples. An app of your own has its accounts here, and bootstraps each of them.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Repository(NamedTuple):
    """Repository with the app's code.

    Attributes:
        name: Owner and name.
        branch: Branch that the pipeline deploys.
        connection_arn: CodeConnections connection to the provider of the repository.
    """

    name: str
    branch: str
    connection_arn: str


ACCOUNTS: Final = {"eu-west-1": "444455556666", "us-east-1": "123456789012"}
"""Account of each region in the order of deployment; the first region is the canary."""
PIPELINE_ACCOUNT: Final = "111122223333"
PIPELINE_REGION: Final = "eu-west-1"
REPOSITORY: Final = Repository(
    name="linden/shop",
    branch="main",
    connection_arn="arn:aws:codeconnections:eu-west-1:111122223333:connection/"
    "7d2469ff-514a-4e4f-9003-5ca4a43cdc41",
)
