"""What changed between two editions, two issues, two days: read, compared, paged, listed."""
