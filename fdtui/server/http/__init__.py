"""HTTP: the routes as data, bodies, addresses, access, and how the server listens."""
