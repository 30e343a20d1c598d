"""The registry: which organisations there are, how to reach them, what is theirs, and who receives for whom.

Other rooms use `registry.reads`, `registry.actions`, `registry.events`, `registry.models` (for foreign keys) and
`registry.vocabulary`, nothing else. Enrolment asks besides what a field may hold, before there is anything to store:
`registry.cleaners`, `registry.fields`, `registry.particulars`, `registry.assets`.
"""
