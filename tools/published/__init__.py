"""AWS's published models, read alike: from the installed packages, or from their newest wheels."""
