"""Who gets which alert, and why: one alert (`route`), every kind of alert at once (`cells`). All of it is pure.

Panther's order of precedence, and what follows from it for plans, drift, rules and detections, belongs here. Where
destinations and detections come from is not known here.
"""
