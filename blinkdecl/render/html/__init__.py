"""The view as a page: complete in one file, with nothing from elsewhere, and every text escaped."""
