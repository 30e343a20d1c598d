"""Events of n6, the exchange of CERT Polska, as JSON or JSON Lines."""
