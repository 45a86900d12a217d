"""Findings of the examples in ``cdk_epc/rules/examples``."""
