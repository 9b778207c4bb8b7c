"""The officers' workbench: to-dos with their clocks, declaring as a task list, the review queue."""
