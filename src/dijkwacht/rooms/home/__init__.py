"""The first page of an organisation and of a relay."""
