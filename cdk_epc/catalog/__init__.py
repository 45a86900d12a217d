"""Facts about instance types, images, regions and metrics, with typed look-ups."""
