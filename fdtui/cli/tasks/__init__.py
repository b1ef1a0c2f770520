"""The commands of `fdtui task` that change tasks, a module for each thing that they do."""
