"""An edition in, pages out: its marks woven in, its parts composed."""
