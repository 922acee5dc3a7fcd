"""The operator's commands, a module for each kind; `booking.cli` lists them and has those of the house itself."""
