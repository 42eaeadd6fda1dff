"""How a method comes to a level: the formulas of the field, and the kinds of method."""
