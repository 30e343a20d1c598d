"""Many mails of one attack, judged once."""
