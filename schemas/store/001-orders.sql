-- The order store, version 1. Values are kept as the orders file said them; NULL: it did not. Read by people as well:
-- sqlite3 crossdock.db 'SELECT order_id, status, country FROM orders'
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,  -- in the order in which they were first imported
    hash BLOB NOT NULL,      -- BLAKE2b of all values and lines: tells whether an import changes the order
    has_lines INTEGER NOT NULL,
    order_id TEXT,
    merchant_order_id TEXT,
    merchant_id TEXT NOT NULL DEFAULT '',
    status TEXT,
    order_date TEXT,
    currency TEXT,
    incoterm TEXT,
    shipping_method TEXT,
    hub_code TEXT,
    store_code TEXT,
    carrier TEXT,
    service TEXT,
    freight TEXT,
    insurance TEXT,
    collected_duty TEXT,
    collected_tax TEXT,
    registration_number TEXT,
    recipient_name TEXT,
    company TEXT,
    address1 TEXT,
    address2 TEXT,
    address3 TEXT,
    city TEXT,
    region TEXT,
    postal_code TEXT,
    country TEXT,
    phone TEXT,
    email TEXT,
    customer_tax_id TEXT
) STRICT;

CREATE UNIQUE INDEX orders_order_id ON orders (order_id, merchant_id) WHERE order_id IS NOT NULL;
CREATE INDEX orders_merchant_order_id ON orders (merchant_order_id, merchant_id) WHERE merchant_order_id IS NOT NULL;

CREATE TABLE order_lines (
    order_row INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    line INTEGER NOT NULL,  -- from 1
    sku TEXT,
    gtin TEXT,
    description TEXT,
    quantity TEXT,
    unit_price TEXT,
    hs_code TEXT,
    origin_country TEXT,
    weight_g TEXT,
    PRIMARY KEY (order_row, line)
) STRICT, WITHOUT ROWID;
