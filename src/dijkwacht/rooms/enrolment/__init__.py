"""Enrolment: how an organisation comes into the registry by its own hand, and who of it may come after.

Other rooms use `enrolment.reads`, nothing else.
"""
