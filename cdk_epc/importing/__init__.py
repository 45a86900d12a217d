"""Generation of Python code with the constructs of this library from deployed resources."""

from cdk_epc.importing.expressions import UnusableSourceError
from cdk_epc.importing.import_plan import importable
from cdk_epc.importing.module import generate
from cdk_epc.importing.review import options_for
from cdk_epc.importing.source import SourceStack, stack_of_requests

__all__ = [
    "SourceStack",
    "UnusableSourceError",
    "generate",
    "importable",
    "options_for",
    "stack_of_requests",
]
