"""What the recurrent networks are held against."""
