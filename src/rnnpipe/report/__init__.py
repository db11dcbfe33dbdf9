"""The report: tables, figures, and the lecture's claims."""
