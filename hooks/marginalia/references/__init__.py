"""Sources in, references out: for notes, in citation styles, for reference managers."""
