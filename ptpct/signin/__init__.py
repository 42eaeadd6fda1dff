"""Signing in: the local accounts, the second factor, the provider of a body, and sessions."""
