"""What each task is asked of a trained model or a baseline, and the files of its report."""
