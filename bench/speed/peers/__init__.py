"""Other programs that crawl or extract news, for the comparison. `make bench-peers` installs them in their own venv.

Each script is run as `python SCRIPT.py IN OUT`: IN is JSON with the sites and the addresses of their pages. OUT gets a
line for each article: a JSON object with `title` and `text`.
"""
