"""Pages in a real Chromium: `make browser` renders them, checks what only a browser knows, and keeps the pictures."""
