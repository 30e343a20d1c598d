"""The sources of advisories: a folder for each kind, with a parser from bytes to items. Pure: no Django, no network."""
