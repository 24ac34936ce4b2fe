"""One alert: its bytes, its way to Blink, its proof.

Here belongs what one alert is and what becomes of it. Which destinations an alert reaches is decided in `routing`,
which of them are tested in `project` and by the commands.
"""
