"""Room 3: what is it made of — marks, part numbers, makers, date codes, serials. Works on text and tables alone."""
