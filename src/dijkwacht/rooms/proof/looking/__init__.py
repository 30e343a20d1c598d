"""Looks at what strangers publish: bounded, at judged addresses, and exact about what was seen. No Django models."""
