"""Our own pages, one module a page: what it reads, and what its template gets."""
