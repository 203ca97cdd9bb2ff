"""Browse the database in Datasette, with pages that support right-to-left text (`make browse`)."""
