"""Words in, the places in a text where they stand out."""
