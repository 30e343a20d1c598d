"""Who of the centre is called when something cannot wait, one after another until somebody takes it."""
