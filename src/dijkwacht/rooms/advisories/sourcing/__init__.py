"""Items of sources come in, are kept as they came, and are gathered into matters: one line for the analyst."""
