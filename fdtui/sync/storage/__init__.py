"""What outlives the program: the storage protocols and their SQLite files. The only place with SQL."""
