"""Official documents (公文) as Word files, laid out after GB/T 9704-2012."""
