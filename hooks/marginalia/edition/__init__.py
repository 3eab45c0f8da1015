"""Entries and articles in, one edition out; and that edition read from its other sides."""
