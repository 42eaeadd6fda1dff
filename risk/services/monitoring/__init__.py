"""Rounds of monitoring: opened, answered, confirmed, checked, closed, issued."""
