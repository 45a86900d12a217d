"""Patterns and maximum lengths of members, from botocore's sagemaker model."""

from __future__ import annotations

from typing import Final

NAME: Final = r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
MODEL_NAME: Final = r"[a-zA-Z0-9]([\-a-zA-Z0-9]*[a-zA-Z0-9])?"
NAME_LENGTH: Final = 63
KMS_KEY: Final = r"[a-zA-Z0-9:/_-]*"
KMS_KEY_LENGTH: Final = 2048
S3_URI: Final = r"(https|s3)://([^/])/?(.*)"
S3_URI_LENGTH: Final = 512
URL: Final = r"(https|s3)://([^/]+)/?(.*)"
URL_LENGTH: Final = 1024
ONE_LINE: Final = r".*"
EXPRESSION_LENGTH: Final = 64
CONTENT_TYPE: Final = r"[a-zA-Z0-9](-*[a-zA-Z0-9])*\/[a-zA-Z0-9](-*[a-zA-Z0-9.])*"
MIME_TYPE: Final = r"[a-zA-Z0-9](-*[a-zA-Z0-9])*\/[a-zA-Z0-9](-*[a-zA-Z0-9+.])*"
TOPIC_ARN: Final = r"arn:aws[a-z\-]*:sns:[a-z0-9\-]*:[0-9]{12}:[a-zA-Z0-9_.-]+"
ROLE_ARN: Final = r"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+"
RESERVATION_ARN: Final = r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:[a-z0-9\-]{1,14}/.*"
MODEL_PACKAGE: Final = (
    r"(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:[a-z\-]*\/)?"
    r"([a-zA-Z0-9]([a-zA-Z0-9-]){0,62})(?<!-)(\/[0-9]{1,9})?"
)
ECR_IMAGE: Final = (
    r"(?P<account>\d{12})\.dkr\.ecr(-fips)?\.(?P<region>[a-z0-9-]+)\.[^/]+/"
    r"(?P<repository>[^:@]+)([:@].*)?"
)
NO_SPACE: Final = r"[\S]+"
ANYTHING: Final = r"[\S\s]*"
VARIABLE: Final = r"[a-zA-Z_][a-zA-Z0-9_]*"
LONG_VARIABLE: Final = r"[a-zA-Z_][a-zA-Z0-9_]{1,1024}"
CHANNEL: Final = r"[A-Za-z0-9\.\-_]+"
METRICS_PATH: Final = r"/(?!.*\.\.)[a-zA-Z0-9/_.\-]+"
ALARM_NAME: Final = r"(?!\s*$).+"
PARTITION: Final = r"mig-[0-9]+g\.[0-9]+gb([+-][a-z0-9.]+)*"
VPC_ID: Final = r"[-0-9a-zA-Z]+"
# AWS's pattern is [\p{L}\p{Z}\p{N}_.:/=+\-@]*, which `re` cannot compile. `\w` without `re.ASCII`
# matches the letters and digits of all scripts; the separators of \p{Z} are listed.
TAG_TEXT: Final = r"(?u:[\w\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000.:/=+\-@]*)"
