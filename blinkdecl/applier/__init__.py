"""A `Plan` becomes `Results`: the changes are made in their order, and the record keeps in step.

Here belongs how changes are carried out, and what a failure, a kill or a lost answer means for them. What is to be
done was decided by `planner`; what a person sees of it is `render`'s.
"""
