"""How every test runs: what hypothesis tries, the same on each run, so that a red test stays red."""

from hypothesis import settings

settings.register_profile("default", derandomize=True, max_examples=60, deadline=None)
settings.register_profile("prove", derandomize=True, max_examples=1000, deadline=None)
settings.load_profile("default")
