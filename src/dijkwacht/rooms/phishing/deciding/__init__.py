"""All evidence weighed: budget, breaker, review queue, decisions that can be played again."""
