"""The view as Markdown for a pull request or a job summary: what hurts first, every name escaped."""
