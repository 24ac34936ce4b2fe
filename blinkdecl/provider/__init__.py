"""The live side: where destinations are, one module or package a provider, all behind `interface.Provider`.

Here belongs how one system is asked and told, and what it can express. What is asked of it is decided by `planner` and
`applier`; which provider a project has, by `project`.
"""
