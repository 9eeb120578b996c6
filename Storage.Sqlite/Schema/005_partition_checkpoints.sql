-- How far each partition of a feed is. The epoch grows with each owner; only the newest one can store.
CREATE TABLE partition_checkpoints (
    feed TEXT NOT NULL,
    partition TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    checkpoint BLOB,
    PRIMARY KEY (feed, partition)
);
