"""The counter's self-assessment: does the law apply to us, and what follows? See README.md."""
