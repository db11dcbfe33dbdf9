"""What the stages measured, as the report sees it: runs, groups of runs, word vectors, grids of learning rates and seeds."""
