"""The registry: which organisations there are, how to reach them, what is theirs, and who receives for whom.

Other rooms use `registry.reads`, `registry.actions`, `registry.events`, `registry.history`, `registry.vocabulary` and,
for foreign keys, `registry.models`; and what they need to speak the same language before there is anything to store:
`rules`, `cleaners`, `fields`, `particulars`, `assets` and `evidence`.
"""
