"""What tells the people of the demo from real ones, for whoever refuses them in earnest."""

MAIL_DOMAIN = "@valdoro.example"
"""A reserved domain, where nobody can have an address."""
PUBLIC_PASSWORD = "valdoro-dimostrazione"  # noqa: S105 - told to everybody, for one machine alone
