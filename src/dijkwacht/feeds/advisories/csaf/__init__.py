"""CSAF 2.0 and 2.1 documents (OASIS, ISO/IEC 20153), and the ways a provider lists them."""
