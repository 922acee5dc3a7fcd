"""The application for gunicorn and for `flask --app wsgi`. What is unsafe ends it with its sentence alone.

A server does not start on another schema than the program's; the commands load, for one of them mends it.
"""

import os
import sys

from booking import create_app, logs
from booking.config import UnsafeSettings
from booking.storage.database import NotMigrated, check_start

NOT_STARTED = 3  # at which gunicorn gives up, instead of starting one worker after another
IS_COMMAND = os.environ.get("FLASK_RUN_FROM_CLI") == "true"  # which `flask` itself sets

logs.install()
try:
    app = create_app()
    if not IS_COMMAND:
        with app.app_context():
            check_start()
except (UnsafeSettings, NotMigrated) as error:
    sys.stderr.write(f"Samlokal does not start. {error}\n")
    sys.exit(NOT_STARTED)
