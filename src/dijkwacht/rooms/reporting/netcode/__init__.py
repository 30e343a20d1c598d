"""The centre's own duties under the electricity network code: the verdict on confidentiality, and who hears of it."""
