-- Clustering, reminders and grain storage for the ADO.NET providers of Orleans 10.4, which find their statements in OrleansQuery by key and
-- fix the parameters, the names of the columns read and the meaning of each result. Written for this product, and different from what Orleans
-- publishes for MySQL where that has known trouble: a state may be longer than 64 KB, a grain's state has a key that two activations cannot both
-- insert, reminders are found by the hash of their grain through an index, ids of grains compare as bytes, and no stored procedure is needed.
-- Statements that write run under READ COMMITTED, because gap locks of others make them deadlock.

CREATE TABLE IF NOT EXISTS OrleansQuery (
    QueryKey VARCHAR(64) CHARACTER SET ascii NOT NULL PRIMARY KEY,
    QueryText LONGTEXT CHARACTER SET utf8mb4 NOT NULL
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS OrleansMembershipVersionTable (
    DeploymentId VARCHAR(150) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    Timestamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    Version INT NOT NULL DEFAULT 0
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS OrleansMembershipTable (
    DeploymentId VARCHAR(150) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    Address VARCHAR(45) CHARACTER SET ascii NOT NULL,
    Port INT NOT NULL,
    Generation INT NOT NULL,
    SiloName VARCHAR(150) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    HostName VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    Status INT NOT NULL,
    ProxyPort INT,
    SuspectTimes TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    StartTime DATETIME(6) NOT NULL,
    IAmAliveTime DATETIME(6) NOT NULL,
    PRIMARY KEY (DeploymentId, Address, Port, Generation)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS OrleansRemindersTable (
    ServiceId VARBINARY(600) NOT NULL,
    GrainId VARBINARY(1200) NOT NULL,
    ReminderName VARBINARY(600) NOT NULL,
    StartTime DATETIME(6) NOT NULL,
    Period BIGINT NOT NULL,
    GrainHash INT NOT NULL,
    Version INT NOT NULL,
    PRIMARY KEY (ServiceId, GrainId, ReminderName),
    KEY IX_RemindersTable_GrainHash (ServiceId, GrainHash)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS OrleansStorage (
    GrainIdHash INT NOT NULL,
    GrainTypeHash INT NOT NULL,
    GrainIdN0 BIGINT NOT NULL,
    GrainIdN1 BIGINT NOT NULL,
    ServiceId VARBINARY(600) NOT NULL,
    GrainTypeString VARBINARY(1000) NOT NULL,
    GrainIdExtensionString VARBINARY(1200) NOT NULL,
    PayloadBinary LONGBLOB,
    ModifiedOn DATETIME NOT NULL,
    Version INT NOT NULL,
    PRIMARY KEY (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, ServiceId, GrainTypeString, GrainIdExtensionString)
) ENGINE=InnoDB;

REPLACE INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', '
    INSERT IGNORE INTO OrleansMembershipVersionTable (DeploymentId) VALUES (@DeploymentId);
    SELECT ROW_COUNT();
'),
('InsertMembershipKey', '
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;
    UPDATE OrleansMembershipVersionTable SET Version = Version + 1
    WHERE DeploymentId = @DeploymentId AND Version = @Version AND NOT EXISTS (
        SELECT 1 FROM OrleansMembershipTable AS m
        WHERE m.DeploymentId = @DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation);
    INSERT INTO OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
    SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
    FROM OrleansMembershipVersionTable WHERE ROW_COUNT() > 0 AND DeploymentId = @DeploymentId;
    SELECT ROW_COUNT();
    COMMIT;
'),
('UpdateMembershipKey', '
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    UPDATE OrleansMembershipVersionTable AS v INNER JOIN OrleansMembershipTable AS m ON m.DeploymentId = v.DeploymentId
    SET v.Version = v.Version + 1, m.Status = @Status, m.SuspectTimes = @SuspectTimes, m.IAmAliveTime = GREATEST(m.IAmAliveTime, @IAmAliveTime)
    WHERE v.DeploymentId = @DeploymentId AND v.Version = @Version AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation;
    SELECT ROW_COUNT() > 0;
'),
('UpdateIAmAlivetimeKey', '
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    UPDATE OrleansMembershipTable SET IAmAliveTime = GREATEST(IAmAliveTime, @IAmAliveTime)
    WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation;
'),
('GatewaysQueryKey', '
    SELECT Address, ProxyPort, Generation FROM OrleansMembershipTable
    WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0;
'),
('MembershipReadRowKey', '
    SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version
    FROM OrleansMembershipVersionTable AS v LEFT JOIN OrleansMembershipTable AS m
        ON m.DeploymentId = v.DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
    WHERE v.DeploymentId = @DeploymentId;
'),
('MembershipReadAllKey', '
    SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version
    FROM OrleansMembershipVersionTable AS v LEFT JOIN OrleansMembershipTable AS m ON m.DeploymentId = v.DeploymentId
    WHERE v.DeploymentId = @DeploymentId;
'),
('DeleteMembershipTableEntriesKey', '
    DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId;
    DELETE FROM OrleansMembershipVersionTable WHERE DeploymentId = @DeploymentId;
'),
('CleanupDefunctSiloEntriesKey', '
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    DELETE FROM OrleansMembershipTable
    WHERE DeploymentId = @DeploymentId AND IAmAliveTime < @IAmAliveTime AND StartTime < @IAmAliveTime AND coalesce(SuspectTimes, '''') = '''' AND Status = 6;
'),
('CleanupDefunctSiloEntryKey', '
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    DELETE FROM OrleansMembershipTable
    WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation AND Status = 6
        AND IAmAliveTime = @IAmAliveTime AND StartTime = @StartTime AND coalesce(SuspectTimes, '''') = coalesce(@SuspectTimes, '''');
'),
('UpsertReminderRowKey', '
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    INSERT INTO OrleansRemindersTable (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
    VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, LAST_INSERT_ID(0))
    ON DUPLICATE KEY UPDATE StartTime = @StartTime, Period = @Period, GrainHash = @GrainHash, Version = LAST_INSERT_ID(Version + 1);
    SELECT LAST_INSERT_ID() AS Version;
'),
('ReadReminderRowsKey', '
    SELECT CONVERT(GrainId USING utf8mb4) AS GrainId, CONVERT(ReminderName USING utf8mb4) AS ReminderName, StartTime, Period, Version
    FROM OrleansRemindersTable WHERE ServiceId = @ServiceId AND GrainId = @GrainId;
'),
('ReadReminderRowKey', '
    SELECT CONVERT(GrainId USING utf8mb4) AS GrainId, CONVERT(ReminderName USING utf8mb4) AS ReminderName, StartTime, Period, Version
    FROM OrleansRemindersTable WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName;
'),
('ReadRangeRows1Key', '
    SELECT CONVERT(GrainId USING utf8mb4) AS GrainId, CONVERT(ReminderName USING utf8mb4) AS ReminderName, StartTime, Period, Version
    FROM OrleansRemindersTable WHERE ServiceId = @ServiceId AND GrainHash > @BeginHash AND GrainHash <= @EndHash;
'),
('ReadRangeRows2Key', '
    SELECT CONVERT(GrainId USING utf8mb4) AS GrainId, CONVERT(ReminderName USING utf8mb4) AS ReminderName, StartTime, Period, Version
    FROM OrleansRemindersTable WHERE ServiceId = @ServiceId AND (GrainHash > @BeginHash OR GrainHash <= @EndHash);
'),
('DeleteReminderRowKey', '
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    DELETE FROM OrleansRemindersTable WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName AND Version = @Version;
    SELECT ROW_COUNT();
'),
('DeleteReminderRowsKey', '
    DELETE FROM OrleansRemindersTable WHERE ServiceId = @ServiceId;
'),
('ReadFromStorageKey', '
    SELECT PayloadBinary, Version FROM OrleansStorage
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''');
'),
-- Of the two statements only one can change a row: a state that was read has a version, one that was never written has none. The answer is
-- the version asked for where neither did.
('WriteToStorageKey', '
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    DO LAST_INSERT_ID(coalesce(@GrainStateVersion, 0));
    UPDATE OrleansStorage
    SET PayloadBinary = @PayloadBinary, ModifiedOn = UTC_TIMESTAMP(), Version = LAST_INSERT_ID(Version + 1)
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''')
        AND Version = @GrainStateVersion;
    INSERT IGNORE INTO OrleansStorage (
        GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, ServiceId, GrainTypeString, GrainIdExtensionString, PayloadBinary, ModifiedOn, Version)
    SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @ServiceId, @GrainTypeString, coalesce(@GrainIdExtensionString, ''''),
        @PayloadBinary, UTC_TIMESTAMP(), 1
    FROM DUAL WHERE @GrainStateVersion IS NULL;
    SELECT CAST(CASE WHEN @GrainStateVersion IS NOT NULL THEN LAST_INSERT_ID() WHEN ROW_COUNT() = 1 THEN 1 END AS SIGNED) AS NewGrainStateVersion;
'),
('ClearStorageKey', '
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    DO LAST_INSERT_ID(coalesce(@GrainStateVersion, 0));
    UPDATE OrleansStorage
    SET PayloadBinary = NULL, ModifiedOn = UTC_TIMESTAMP(), Version = LAST_INSERT_ID(Version + 1)
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''')
        AND Version = @GrainStateVersion;
    SELECT CAST(CASE WHEN @GrainStateVersion IS NOT NULL THEN LAST_INSERT_ID() END AS SIGNED) AS NewGrainStateVersion;
');
