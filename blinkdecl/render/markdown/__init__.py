"""The view as Markdown for a pull request or a job summary: the worst first, every name escaped."""
