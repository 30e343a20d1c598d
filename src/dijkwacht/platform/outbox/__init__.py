"""What leaves the building: rows first, then delivery, so that nothing is lost and nothing sent twice."""
