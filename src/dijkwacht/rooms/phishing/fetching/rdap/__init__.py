"""How old a domain is, as its registry says over RDAP (RFC 9082, 9083, 9224)."""
