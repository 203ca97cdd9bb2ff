"""A module that cannot be imported: it must cost only the sites that need it."""

raise ImportError("this module is broken on purpose")
