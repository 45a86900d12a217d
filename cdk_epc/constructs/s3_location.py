"""Location in S3, given by its bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from cdk_epc.constructs.convert import bucket_uri

if TYPE_CHECKING:
    from aws_cdk.aws_s3 import IBucket


@attrs.frozen
class S3Location:
    """Prefix of a bucket.

    Attributes:
        bucket: The bucket.
        prefix: The prefix, for example ``"captured/"``; by default the whole bucket.
    """

    bucket: IBucket
    prefix: str = ""

    @property
    def uri(self) -> str:
        """S3 URI, ``s3://bucket/prefix``.

        Raises:
            ArgumentTypeError: The bucket is not an IBucket, or the prefix is not text.
        """
        return bucket_uri(self.bucket, self.prefix)
