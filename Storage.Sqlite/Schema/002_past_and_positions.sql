-- The instants from which the first and the last thing of a record count stand before its bytes, so that a scan can pass over them unread.
-- Nothing older is skipped wrongly: what is there already may count from any instant until an hour after it was written.
CREATE TABLE journal_with_times (
    desk_id INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    writer INTEGER NOT NULL,
    at INTEGER NOT NULL,
    earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (desk_id, sequence)
);

INSERT INTO journal_with_times (desk_id, sequence, writer, at, earliest, latest, record)
SELECT desk_id, sequence, writer, at, 0, at + 36000000000, record FROM journal ORDER BY rowid;

DROP TABLE journal;
ALTER TABLE journal_with_times RENAME TO journal;

-- A desk's row changes with each record; its checkpoint, which is larger, only with each fold.
CREATE TABLE checkpoints (
    desk_id INTEGER PRIMARY KEY,
    checkpoint BLOB NOT NULL
);

INSERT INTO checkpoints (desk_id, checkpoint) SELECT desk_id, checkpoint FROM desks WHERE checkpoint IS NOT NULL;
ALTER TABLE desks DROP COLUMN checkpoint;

-- written: bytes of all records that the desk ever wrote. positions: how many rows it has, as of its last fold.
ALTER TABLE desks ADD COLUMN written INTEGER NOT NULL DEFAULT 0;
ALTER TABLE desks ADD COLUMN positions INTEGER NOT NULL DEFAULT 0;
UPDATE desks SET positions = (SELECT count(*) FROM held_positions WHERE held_positions.desk_id = desks.desk_id);

-- Desks as they were: everything of the records up to sequence, and nothing in it counts from later than through. Of the records since the
-- state before (previous), nothing counts from before earliest. kept_at and written say when it was kept.
CREATE TABLE desk_states (
    desk_id INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    previous INTEGER NOT NULL,
    earliest INTEGER NOT NULL,
    through INTEGER NOT NULL,
    kept_at INTEGER NOT NULL,
    written INTEGER NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (desk_id, sequence)
);

CREATE INDEX desk_states_by_time ON desk_states (desk_id, through, sequence);

-- Position lists are asked for by one of these, then by desk. Each index goes on with what is left of the primary key.
DROP INDEX held_positions_by_position;
CREATE INDEX held_positions_by_currency ON held_positions (currency);
CREATE INDEX held_positions_by_date ON held_positions (desk_id, entry_date, currency);
