"""Pages of sites with the articles that are expected of them: saved, extracted again, compared."""
