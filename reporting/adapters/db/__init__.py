"""The store in a relational database: rows, migrations, and `SqlStore` over them."""
