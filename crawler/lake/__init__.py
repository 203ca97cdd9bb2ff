"""A lake: the stored articles as Parquet files by site and month, in a folder or in an object store."""
