"""Who is told of an advisory, why, and what they answer."""
