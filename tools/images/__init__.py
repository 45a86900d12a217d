"""Generator of ``cdk_epc/catalog/images.json``: SageMaker's images, from its Python SDK."""
