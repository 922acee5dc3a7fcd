"""The real things the tests run on: a PostgreSQL cluster of their own and Debian's Chromium. Imports nothing of ours."""
