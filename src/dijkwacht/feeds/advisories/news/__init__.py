"""RSS and Atom: blogs, vendors and news sites. What they say becomes text; nothing of their HTML is kept."""
