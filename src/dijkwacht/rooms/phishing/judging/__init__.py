"""What speaks for phishing in a mail and its links: pure, without database, clock or network."""
