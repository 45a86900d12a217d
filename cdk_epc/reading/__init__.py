"""Files to data: JSON and YAML from anybody, within bounds of size, depth and time.

Nothing here imports ``aws_cdk`` or starts Node.
"""
