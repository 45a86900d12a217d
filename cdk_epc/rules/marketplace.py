"""Which model packages are sold on AWS Marketplace, as far as their ARN tells.

A package of one's own account, or of a colleague's, is none; a bare name says nothing either way.
"""

from __future__ import annotations

from typing import Final

from cdk_epc.spec import ContainerDefinition
from cdk_epc.spec.unresolved import is_given

_ACCOUNT: Final = 4
# The accounts that AWS Marketplace publishes packages from, one for each region, as the listings
# of several sellers give them.
_ACCOUNTS: Final = frozenset(
    {
        "057799348421",  # us-east-2
        "077584701553",  # ap-south-1
        "136758871317",  # eu-north-1
        "192199979996",  # ap-southeast-1
        "270155090741",  # sa-east-1
        "382657785993",  # us-west-1
        "446921602837",  # eu-central-1
        "470592106596",  # ca-central-1
        "594846645681",  # us-west-2
        "666831318237",  # ap-southeast-2
        "745090734665",  # ap-northeast-2
        "843114510376",  # eu-west-3
        "856760150666",  # eu-west-2
        "865070037744",  # us-east-1
        "977537786026",  # ap-northeast-1
        "985815980388",  # eu-west-1
    }
)


def is_marketplace(container: ContainerDefinition) -> bool:
    """Whether the container is known to come from AWS Marketplace."""
    package = container.model_package_name
    if not isinstance(package, str) or not is_given(package):
        return False
    parts = package.split(":")
    return len(parts) > _ACCOUNT and parts[_ACCOUNT] in _ACCOUNTS
