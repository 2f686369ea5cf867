-- The tables of sqlite_store.py. They refuse by themselves what the code should never try: a second
-- redemption of a booking, a version that is skipped, a balance below zero, a movement that is changed.

BEGIN IMMEDIATE;

-- Instants are texts in UTC with six digits of a second, so that they compare as the instants do.
CREATE TABLE IF NOT EXISTS package (
    id TEXT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    sold_at TEXT,
    valid_from TEXT,
    valid_until TEXT,
    priority INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- What a plan says beyond these columns (D40), as a case document; NULL where it says no more.
    plan TEXT,
    -- Raised by every act, where a quota or a term of first use counts uses (D57); NULL elsewhere.
    version INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS package_of_client ON package (client_id);

-- Who else holds a package (D59).
CREATE TABLE IF NOT EXISTS shared_package (
    package_id TEXT NOT NULL REFERENCES package (id),
    client_id TEXT NOT NULL,
    PRIMARY KEY (package_id, client_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS package_shared_with ON shared_package (client_id);

-- Where the credits are: always the sum of what was sold. Only movements change it, by trigger.
-- An unlimited one is sold with 0 and goes below it, so that the sum holds there as well (D42).
CREATE TABLE IF NOT EXISTS entitlement (
    package_id TEXT NOT NULL REFERENCES package (id),
    id TEXT NOT NULL,
    services TEXT NOT NULL,
    unlimited INTEGER NOT NULL,
    sold INTEGER NOT NULL,
    available INTEGER NOT NULL CHECK (available >= 0 OR unlimited),
    reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    redeemed INTEGER NOT NULL DEFAULT 0 CHECK (redeemed >= 0),
    forfeited INTEGER NOT NULL DEFAULT 0 CHECK (forfeited >= 0),
    PRIMARY KEY (package_id, id),
    CHECK (sold = available + reserved + redeemed + forfeited)
) STRICT, WITHOUT ROWID;

-- One row a booking; the document is `Redemption.to_document()` as JSON.
CREATE TABLE IF NOT EXISTS redemption (
    booking_id TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;

-- The history: who, when and why. Append only.
CREATE TABLE IF NOT EXISTS movement (
    number INTEGER PRIMARY KEY,
    booking_id TEXT NOT NULL REFERENCES redemption (booking_id),
    package_id TEXT NOT NULL,
    entitlement_id TEXT NOT NULL,
    credits INTEGER NOT NULL CHECK (credits > 0),
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    act TEXT NOT NULL,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    note TEXT NOT NULL,
    CHECK (source <> target),
    FOREIGN KEY (package_id, entitlement_id) REFERENCES entitlement (package_id, id)
) STRICT;
CREATE INDEX IF NOT EXISTS booking_of_package ON movement (package_id, booking_id);

CREATE TRIGGER IF NOT EXISTS movement_counts AFTER INSERT ON movement BEGIN
    UPDATE entitlement SET
        available = available
            + new.credits * ((new.target = 'available') - (new.source = 'available')),
        reserved = reserved
            + new.credits * ((new.target = 'reserved') - (new.source = 'reserved')),
        redeemed = redeemed
            + new.credits * ((new.target = 'redeemed') - (new.source = 'redeemed')),
        forfeited = forfeited
            + new.credits * ((new.target = 'forfeited') - (new.source = 'forfeited'))
    WHERE package_id = new.package_id AND id = new.entitlement_id;
END;
CREATE TRIGGER IF NOT EXISTS movement_stays BEFORE UPDATE ON movement BEGIN
    SELECT RAISE (ABORT, 'a movement is never changed');
END;
CREATE TRIGGER IF NOT EXISTS movement_is_kept BEFORE DELETE ON movement BEGIN
    SELECT RAISE (ABORT, 'a movement is never deleted');
END;
CREATE TRIGGER IF NOT EXISTS redemption_goes_on BEFORE UPDATE ON redemption
WHEN new.booking_id <> old.booking_id OR new.version <> old.version + 1 BEGIN
    SELECT RAISE (ABORT, 'a redemption goes on by one version');
END;
CREATE TRIGGER IF NOT EXISTS redemption_is_kept BEFORE DELETE ON redemption BEGIN
    SELECT RAISE (ABORT, 'a redemption is never deleted');
END;
PRAGMA user_version = 1;
COMMIT;
