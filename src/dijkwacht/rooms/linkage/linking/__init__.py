"""Record linkage without database: files in, clusters out. Knows no Django, and nothing of the generator."""
