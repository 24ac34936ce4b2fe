"""Which lists and dicts something may change in place. Pure."""

import ast


def exposed_names(scope: ast.AST) -> frozenset[str]:
    """Return the names whose lists and dicts something in a scope may change, or hand to what may.

    A name that is returned, compared, added, looked up in or iterated over stays as it is; so does what is looked up,
    if it is returned at once.
    """
    found: set[str] = set()
    parents: dict[int, ast.AST] = {}
    for node in ast.walk(scope):
        for child in ast.iter_child_nodes(node):
            parents[id(child)] = node
    for node in ast.walk(scope):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and not _leaves(node, parents):
            found.add(node.id)
    return frozenset(found)


def _leaves(node: ast.AST, parents: dict[int, ast.AST]) -> bool:
    """Whether the place where a value is used leaves it as it is."""
    parent = parents[id(node)]
    match parent:
        case ast.Return() | ast.Compare() | ast.BinOp() | ast.UnaryOp() | ast.Starred():
            return True
        case ast.IfExp(test=test):
            return test is node or _leaves(parent, parents)
        case ast.If(test=test) | ast.While(test=test) | ast.Assert(test=test):
            return test is node
        case ast.BoolOp():
            return _leaves(parent, parents)
        case ast.For(iter=iterated) | ast.comprehension(iter=iterated):
            return iterated is node
        case ast.Subscript(value=value, ctx=ast.Load()) if value is node:
            return _leaves(parent, parents)
        case ast.Attribute(attr="get"):
            call = parents[id(parent)]
            return isinstance(call, ast.Call) and call.func is parent and _leaves(call, parents)
        case ast.Call(func=func):
            return func is node  # it is called; what it is given may be changed by it
    return False
