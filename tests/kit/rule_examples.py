"""Rules without an example, each with the reason."""

WITHOUT_EXAMPLE = {
    "key-repeated": "the JSON of an example has no repeated keys",
    "endpoint-update-in-progress": "templates have no status",
    "export-in-use-replaced": "it takes two stacks",
    "weak-reference-replaced": "it takes two stacks",
}
