"""A simulated year of bad days: real crawls of made-up sites, with faults, compared with what the sites published.

    python -m bench.year [--seed 1] [--sites 20] [--days 365] [--articles 2] [--rounds 2] [--list]

`world` decides what each site publishes and when, `faults` what goes wrong, `server` answers as the sites would at the
simulated time, `scheduler` is the process that crawls, `checks` compares the database with the world. `month` is a
month of channels that lie, break and overlap (`channels`), for the ledger.
"""
