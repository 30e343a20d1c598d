"""Leaving the register on a day: asked for, confirmed where the law says so, withdrawn before, done exactly once."""
