"""From values to what people and machines read: `view` makes one plain dict, each other module one format of it.

view, view_parts     Plan, Results, Diagnostic, ... -> dict, which ``schemas/`` describes
json_text            that dict -> JSON
text                 what the text formats share: wrapping, values, durations
diagnostics_text, plan_text, drift_text, results_text     that dict -> text for 80 columns
routing_text, route_text, coverage_text                    who receives what
plan_markdown, coverage_html, junit_text                   other formats of the same
progress_text        one line for each event of a run
safe                 makes hostile characters visible
terminal             colour and the progress bar

Everything but `terminal` is pure: a value in, a text without a final newline out (JSON ends with one).
"""
