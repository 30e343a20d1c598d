"""Three invented registers that overlap, with the mess of real ones and the truth beside them.

It shares no code with `linking`, on purpose (an import contract holds it): what dirties must not know what cleans.
"""
