"""The screen: draws a `State` and says what the user wants. The only room that knows Textual."""
