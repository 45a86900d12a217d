"""Generator of the data of SageMaker's images in ``cdk_epc/catalog``, from its Python SDK."""
