"""Generation of the properties whose change replaces a resource."""
