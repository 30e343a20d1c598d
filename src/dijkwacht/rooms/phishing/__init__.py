"""The Anti-Phishing Shield: what a suspicious mail is, and how far a warning may reach."""
