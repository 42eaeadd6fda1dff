"""Pages of the registry: the door, and the people of an administration."""
