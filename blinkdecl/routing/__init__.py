"""Who gets which alert, and why. All of it is pure.

order               one alert -> who gets it: Panther's order of deciding
cells, impact       every kind of alert at once, by bit masks -> what a plan or drift changes
matrix, coverage    the same -> who receives what, and the rules that must hold
route_test          alerts whose destinations a repository keeps under test
returns, detection  detections -> where their alerts go, and names in them that lead nowhere
"""
