"""Routes of subnets, and the VPC endpoints that they reach."""

from __future__ import annotations

import attrs

from cdk_epc._records import Record


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubnetRoutes(Record):
    """Subnet of the same template or app whose routes and VPC endpoints are all known.

    Attributes:
        logical_id: Logical id of the subnet.
        has_internet_gateway: Whether a route leads to an internet gateway.
        has_other_route: Whether another route leads out of the VPC, for example to a NAT gateway.
        endpoints: Services with a VPC endpoint that the subnet reaches: "s3", "lambda".
    """

    logical_id: str
    has_internet_gateway: bool = False
    has_other_route: bool = False
    endpoints: frozenset[str] = frozenset()

    @property
    def is_closed(self) -> bool:
        """Whether no route leads out of the VPC."""
        return not self.has_internet_gateway and not self.has_other_route

    def is_closed_to(self, service: str) -> bool:
        """Return whether no route and no VPC endpoint leads to a service."""
        return self.is_closed and service not in self.endpoints
