"""Published plans as open data."""
