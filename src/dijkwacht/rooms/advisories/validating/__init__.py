"""The gate: what two independent validators say of a CSAF document. No Django here."""
