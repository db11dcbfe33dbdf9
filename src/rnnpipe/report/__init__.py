"""The report: every run and every claim of the lecture, from the measurements that the stages left, as one page and one table."""
