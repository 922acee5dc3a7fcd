"""The limit that pages are held against: Flask that says hello, on the same server."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Five letters."""
    return "hello"


@app.get("/readyz")
def ready() -> str:
    """As the application says that it is ready."""
    return "ready\n"
