"""What the tests run on for real: a PostgreSQL cluster of their own, and Debian's Chromium."""
