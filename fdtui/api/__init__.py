"""The only door to the network: the Flowdash API as typed calls."""
