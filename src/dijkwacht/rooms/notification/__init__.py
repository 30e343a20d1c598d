"""From feed to notice: what comes in is attributed, judged by the law, and told to whom it concerns, once."""
