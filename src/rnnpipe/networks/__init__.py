"""The networks of the three tasks as plain torch modules, and the directory that a trained one is kept in."""
