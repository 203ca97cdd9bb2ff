"""Onboard: from the address of a news site to its profile. It looks at the site, chooses its channels, and writes
sites/<name>.toml; it also inspects the profile of a site that has one."""
