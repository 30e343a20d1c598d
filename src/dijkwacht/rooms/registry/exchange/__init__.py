"""The registry as a file: read, check, stage, store; and write. The format stands in the room's README."""
