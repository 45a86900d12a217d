"""Generator of ``cdk_epc/catalog/regions.json``: partitions, serverless quotas, hosting types."""
