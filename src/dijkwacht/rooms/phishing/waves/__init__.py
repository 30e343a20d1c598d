"""Campaigns that belong together: one attack under many names."""
