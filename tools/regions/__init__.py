"""The generator of ``cdk_epc/catalog/regions``: partitions and what each region hosts."""
