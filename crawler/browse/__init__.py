"""Browse: the database in Datasette, with pages for people who read right to left as well (`make browse`)."""
