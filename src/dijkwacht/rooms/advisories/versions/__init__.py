"""Is this version meant? Three answers: affected, not affected, unknown. Pure: no Django, no input or output.

The one public door is `evaluate.judge(version, notation, status, asked)`; see `docs/why/versions.md`.
"""
