"""One product by all its names: what sources and organisations call it."""
