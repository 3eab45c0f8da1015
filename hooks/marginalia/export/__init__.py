"""An edition in, files for other programs out: plain Markdown for other site generators, annotations, records."""
