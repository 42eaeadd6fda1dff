"""The answers of a round as workbooks: one an office goes out, many come back at once."""
