"""Who gets which alert, and why: one alert (`route`), every kind of alert at once (`cells`). All of it is pure.

Here belongs Panther's order of deciding, and what follows from it for plans, drift, rules and detections. Where
destinations and detections come from is not known here.
"""
