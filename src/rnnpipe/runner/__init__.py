"""What stands between dvc.yaml and its runners: stages as rules for Snakemake, and what former stages left behind."""
