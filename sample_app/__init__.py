"""The models of a web shop, one stack for each story."""
