"""Sample databases with known answers: a bank, its anti-fraud mart, a government register, a shop.

Every value is invented by seeded generators. `python -m sample_dbs --out DIR` writes four SQLite files,
`python -m sample_dbs --url URL` fills a PostgreSQL, MariaDB or MySQL database.
"""
