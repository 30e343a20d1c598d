"""Looking at pages that somebody is warned for: from outside, by a process that has no way inside."""
