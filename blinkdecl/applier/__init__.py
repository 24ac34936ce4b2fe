"""A `Plan` becomes `Results`: the changes are made in order, and the record keeps in step.

How changes are carried out, and what a failure, a kill or a lost answer means for them, belongs here. What is to be
done was decided by `planner`; what a person sees of it is up to `render`.
"""
