"""The rules of the house: pure functions and frozen values, standard library only."""
