"""The shared core of all constructs: typed values, call sites, resource state and validation.

The validator is imported from its own module, `cdk_epc.constructs.validator`: it loads the rules of
templates, which a construct does not need.
"""

from __future__ import annotations

from cdk_epc.constructs.checked_resource import acknowledge
from cdk_epc.constructs.s3_location import S3Location
from cdk_epc.constructs.vpc_placement import VpcPlacement

__all__ = ["S3Location", "VpcPlacement", "acknowledge"]
