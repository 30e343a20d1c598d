"""The tables of the room: each part keeps its own."""
