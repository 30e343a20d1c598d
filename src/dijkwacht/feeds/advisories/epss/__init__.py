"""FIRST's Exploit Prediction Scoring System: a probability for each CVE, each day."""
