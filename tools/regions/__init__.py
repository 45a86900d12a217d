"""The generator of ``cdk_epc/regions``: partitions, hosting types by region, serverless regions."""
