"""A bucket lets everybody read."""


def policy(resource):
    return not resource.get("Public")
