"""How somebody without an account goes on by the link of their mail: the next stage, a correction, a new link."""
