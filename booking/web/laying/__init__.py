"""From what one viewer may know of a day to what is drawn: frame, lanes, lines, blocks, cards and the strip.

A pure view-model: imports the domain and the type of a Look, never Flask. Words are the templates' business.
"""
