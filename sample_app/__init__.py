"""Sample app: the endpoints of a web shop, one stack for each use case."""
