"""Who is asking: the keys of this crawler, and the signatures on its requests (Web Bot Auth)."""
