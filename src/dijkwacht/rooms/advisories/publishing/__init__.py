"""Every format of a version that was approved, and the tree that a trusted provider serves."""
