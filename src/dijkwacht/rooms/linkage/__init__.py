"""Several registers made one: which records are one organisation, what a person must decide, and the way back.

Other rooms use nothing of this one; it uses the registry's reads, actions, models and vocabulary.
"""
