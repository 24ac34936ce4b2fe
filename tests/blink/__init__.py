"""What Blink is asked, and what is kept of its answers."""
