"""The engines that may keep a state, behind `state.store.Store`: HTTP servers, object stores, PostgreSQL.

Here belongs one engine's protocol and its errors, one module each with its library. What every backend owes is
in `state`, which knows none of these.
"""
