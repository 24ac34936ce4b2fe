"""The kill harness: the real command line is killed at any moment, and whatever it left must converge.

child    one process of the command line, which kills itself at its n-th system call, or has a flaw built in
trial    one repository beside one sandbox: changes, kills, reruns, and what is counted at the end
__main__ many trials, and a table: `make soak TRIALS=1000`

The same with chaos between blinkdecl and the servers, and over every command that writes:

workplace      a repository behind proxies, and its processes
deeds          the commands
chaos_trial    deeds, calm, three applies at most, and what is counted at the end
console_trial  the same with a person in Panther's console, and confirm
chaos          many trials, and a table: `make chaos TRIALS=100 BACKEND=http`
"""
