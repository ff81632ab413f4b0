"""A folder watched: each workbook that is saved there is checked at once, whatever saved it."""
