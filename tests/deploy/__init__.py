"""The set-up of a server, as `deploy/` has it."""
