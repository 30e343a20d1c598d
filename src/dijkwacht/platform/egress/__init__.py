"""The one way out of the building to the servers of strangers: which resolvers, which addresses, pinned connections."""
