"""Generator of ``cdk_epc/catalog/images.json`` and ``image_versions.json``: SageMaker's images, from its Python SDK."""
