"""How fast it is, measured: `python -m benchmarks` prints the tables, `python -m benchmarks.load` one busy stretch.

Nothing here decides whether a change is right, and no test asserts a time. Imports the application and tests.support.
"""
