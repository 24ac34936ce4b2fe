"""What the commands of ``blinkdecl state`` do; one file per subcommand."""
