"""What goes to others: a redacted version, seen side by side, confirmed, sent once. And what other states send."""
