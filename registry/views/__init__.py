"""Pages of the registry: signing out, jobs, and the people of an administration."""
