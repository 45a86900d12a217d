"""The generator of ``cdk_epc/catalog/instances``: names from botocore, facts from EC2."""
