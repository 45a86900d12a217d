"""A place in S3, by its bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from cdk_epc.constructs.convert import bucket_uri

if TYPE_CHECKING:
    from aws_cdk.aws_s3 import IBucket


@attrs.frozen
class S3Location:
    """A prefix of a bucket.

    Attributes:
        bucket: The bucket.
        prefix: Where in it, for example ``"captured/"``; the whole bucket by default.
    """

    bucket: IBucket
    prefix: str = ""

    @property
    def uri(self) -> str:
        """``s3://bucket/prefix``."""
        return bucket_uri(self.bucket, self.prefix)
