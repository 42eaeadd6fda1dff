"""What changed between two contents of a process."""
