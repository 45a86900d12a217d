"""Location in S3, given by its bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from cdk_epc._records import Record
from cdk_epc.constructs.convert import bucket_uri

if TYPE_CHECKING:
    from aws_cdk.aws_s3 import IBucket


@attrs.frozen(eq=False, repr=False)
class S3Location(Record):
    """Prefix or object in S3.

    The methods that grant permissions also grant the use of the bucket's KMS key, which is known
    only if the bucket is a construct.

    Attributes:
        bucket: The bucket, its name, or the S3 URI of a prefix in it.
        prefix: Prefix or key, for example ``"captured/"``; by default the whole bucket.
    """

    bucket: IBucket | str
    prefix: str = ""

    @property
    def uri(self) -> str:
        """S3 URI, ``s3://bucket/prefix``.

        Raises:
            ArgumentTypeError: The bucket is neither a bucket nor text, or the prefix is not text.
        """
        return bucket_uri(self.bucket, self.prefix)
