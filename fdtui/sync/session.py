"""The application without a screen: owns the only `State`, asks, sends, and tells what happened."""
