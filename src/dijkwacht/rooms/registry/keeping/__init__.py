"""How long personal data in the register is kept, field by field, and how it goes when its term is over."""
