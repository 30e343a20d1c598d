"""Reports from before the Cbw: open ones come in as early warnings, once."""
