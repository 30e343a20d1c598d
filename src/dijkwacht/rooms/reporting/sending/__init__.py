"""What became of a draft that was sent: whoever sends it again gets its receipt, and nothing is filed twice."""
