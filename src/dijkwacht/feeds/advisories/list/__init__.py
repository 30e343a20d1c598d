"""Tables of product status by vulnerability, as NCSC-NL kept one for Log4Shell (MIT)."""
