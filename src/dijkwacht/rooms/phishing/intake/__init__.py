"""How suspicious mails come in: doors, the vault, reading."""
