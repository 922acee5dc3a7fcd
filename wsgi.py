"""The application for gunicorn and for `flask --app wsgi`. Unsafe settings end it with their sentence alone."""

import sys

from booking import create_app, logs
from booking.config import UnsafeSettings

NOT_STARTED = 3  # at which gunicorn gives up, instead of starting one worker after another

logs.install()
try:
    app = create_app()
except UnsafeSettings as error:
    sys.stderr.write(f"Samlokal does not start. {error}\n")
    sys.exit(NOT_STARTED)
