"""What is typed: each command with what it takes. Its work is imported when it is called, so that help comes at once."""
