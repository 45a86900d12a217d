"""The generator of ``cdk_epc/instances``: names from botocore, facts from EC2."""
