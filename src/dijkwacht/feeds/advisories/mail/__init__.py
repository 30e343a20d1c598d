"""A mail to a source mailbox: a vendor's list, a partner who writes. Read in a process of its own."""
