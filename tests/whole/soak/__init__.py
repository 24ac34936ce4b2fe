"""The kill harness: the real command line is killed at any moment, and whatever it left must converge.

child    one process of the command line, which kills itself at its n-th system call, or has a flaw built in
trial    one repository beside one sandbox: changes, kills, reruns, and what is counted at the end
__main__ many trials, and a table: `make soak TRIALS=1000`
"""
