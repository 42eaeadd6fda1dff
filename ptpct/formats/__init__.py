"""How days and hours are written where no page says so itself, by language."""
