"""A whole business register laid beside ours: what differs, what that would change, and what becomes of it."""
