"""The pages of documentation that are made from the rules."""
