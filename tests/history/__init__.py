"""Alerts as Panther delivered them."""
