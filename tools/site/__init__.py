"""Documentation site: pages that only the site has, and an extension of Sphinx."""
