"""Measures and instruments: what the centre advises, and what each organisation does with it.

Other rooms use `knowledge.searching.sources` (to have their public documents found) and `knowledge.planning.reads`.
"""
