"""Generator of the instance types of ``cdk_epc/catalog``: names from botocore, facts of EC2."""
