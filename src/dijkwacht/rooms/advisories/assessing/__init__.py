"""Likelihood and impact of a matter: a suggestion from the data with its reasons, settled by people."""
