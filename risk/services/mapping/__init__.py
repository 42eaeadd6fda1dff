"""The process map and the sheet of a process: phases, behaviours, what they cover."""
