"""The edition of the plan: made, moved, adopted, copied."""
