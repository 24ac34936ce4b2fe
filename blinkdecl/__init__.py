"""Panther alert destinations of type Blink Ops, and the Blink triggers behind them, as code."""

__version__ = "0.1.0"
