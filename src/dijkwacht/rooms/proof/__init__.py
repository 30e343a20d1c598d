"""Proof of control: how an organisation shows that a domain, an address block or an AS number is its own."""
