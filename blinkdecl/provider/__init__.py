"""The live side: where destinations are, one module or package per provider, all behind `interface.Provider`.

Here belongs how one system is read and changed, and what it can express. What is asked of it is decided by `planner`
and `applier`; which provider a project has, by `project`.
"""
