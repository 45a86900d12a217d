"""The generator of ``cdk_epc/images``: the images SageMaker publishes, from its Python SDK."""
