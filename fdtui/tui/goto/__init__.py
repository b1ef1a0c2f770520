"""Go to anything: one list of tasks, people, workflows, fields and commands."""
