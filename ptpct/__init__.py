"""Wiring only: settings, addresses, the admin site, health. No word of the domain lives here."""
