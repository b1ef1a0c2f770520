"""Files of other programs read as rows: the format, what stands where, what a cell means. Pure."""
