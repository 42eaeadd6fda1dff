"""What an annex still misses: rules and the sentences they give."""
