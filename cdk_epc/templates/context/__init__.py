"""Resources of a template with their related resources, as rules see them."""
