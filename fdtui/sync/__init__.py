"""The owner of the state: asks, sends, and reports what happened. Knows neither HTTP nor the screen."""
