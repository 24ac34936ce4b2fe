"""One alert: its bytes, its way to Blink, its proof.

What one alert is and what becomes of it belongs here. Which destinations an alert reaches is decided in `routing`,
which of them are tested in `project` and by the commands.
"""
