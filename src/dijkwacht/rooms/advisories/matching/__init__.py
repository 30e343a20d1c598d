"""Lines of an inventory meet statements of sources. `rules` is pure; the doors only bring frames to it."""
