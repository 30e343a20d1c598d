"""How long personal data in reports is kept, and what stays of the facts: a holding of registry.keeping."""
