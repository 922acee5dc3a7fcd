"""Tables, queries, the one transaction and the journal; imports the domain and SQLAlchemy."""
