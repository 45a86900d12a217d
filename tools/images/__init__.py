"""The generator of ``cdk_epc/catalog/images``: SageMaker's images, from its Python SDK."""
