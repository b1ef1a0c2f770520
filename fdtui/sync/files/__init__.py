"""Files on their way: uploads and downloads, to their end."""
