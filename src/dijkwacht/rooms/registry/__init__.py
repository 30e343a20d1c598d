"""The registry: which organisations there are, how to reach them, what is theirs, and who receives for whom.

Other rooms use `registry.reads`, `registry.actions`, `registry.events`, `registry.history`, `registry.models` (for foreign
keys) and `registry.vocabulary`; and what they need to speak the same language before there is anything to store:
`registry.rules`, `registry.cleaners`, `registry.fields`, `registry.particulars`, `registry.assets`, `registry.evidence`.
"""
