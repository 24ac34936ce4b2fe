"""The view for a CI system: a module for each of its formats, with the limits and the escaping that it has."""
