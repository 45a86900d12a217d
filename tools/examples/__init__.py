"""Findings of the rules' examples, written into ``cdk_epc/rules/examples``."""
