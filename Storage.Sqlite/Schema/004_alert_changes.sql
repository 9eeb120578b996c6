-- Every change of an alert takes the next number, so that whoever pushes changes can ask for those since the last one seen.
ALTER TABLE alerts ADD COLUMN change INTEGER NOT NULL DEFAULT 0;
CREATE INDEX alerts_by_change ON alerts (change);
