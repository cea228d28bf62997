"""Ground floor: records, date ranges, results, findings and table schemas. No I/O, no case, no room."""
