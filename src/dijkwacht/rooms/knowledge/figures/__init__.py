"""Figures over many organisations that reveal none: the benchmark, and what happens in a sector."""
