"""Criteria of one entity, by a confidential decision of its minister (Cbb 23): for it, its authority and officers."""
