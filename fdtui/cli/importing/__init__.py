"""`fdtui task import`: a file is recognised, its rows are shown, and made into tasks."""
