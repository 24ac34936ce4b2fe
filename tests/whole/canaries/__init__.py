"""Every command under every fault, with a canary in the place of each secret: none may be in anything that is left.

place      a project, its Panther, its Blink and its state, and the secrets
peers      servers that repeat what they were sent, in every form
answers    what Blink and Panther answer as they should, but for the secrets in it
recorder   what a run leaves for a moment: files that are replaced or removed, arguments of processes
faults     what goes wrong
commands   what is run
"""
