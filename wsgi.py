"""The application for gunicorn and for `flask --app wsgi`."""

from booking import create_app

app = create_app()
