"""The list of what resolvers warn for: one log of events, all formats from it."""
