"""The owner of the state: asks, sends, and tells what happened. Knows neither HTTP nor the screen."""
