"""What every other package may use: errors, files, seeds, the command line of a stage."""
