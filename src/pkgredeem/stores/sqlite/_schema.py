"""The tables of the file, and whether a file is one of ours.

The tables refuse by themselves what the code should never try: a second redemption of a booking, a
version that is skipped, a balance below zero, a movement that is changed.
"""

import sqlite3
from typing import Final

from pkgredeem.exceptions import InvalidValueError

#: Says in the header of a file whose it is: "pkrd".
APPLICATION_ID: Final = 0x706B7264

#: Raised when the tables change; a file says in its header which one it has.
NUMBER: Final = 1

#: One statement each, parted by empty lines.
STATEMENTS: Final = """\
-- Packages as they were sold: `Package.to_document()` as JSON, and what they are found by.
-- Instants are texts in UTC with six digits of a second, so that they compare as the instants do.
CREATE TABLE package (
    id TEXT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL,
    valid_until TEXT,
    document TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX package_of_client ON package (client_id);

-- Raised by every commit that draws on the package, and by every revision (D57).
CREATE TRIGGER package_goes_on BEFORE UPDATE OF id, version ON package
WHEN new.id <> old.id OR new.version <> old.version + 1 BEGIN
    SELECT RAISE (ABORT, 'a package goes on by one version');
END;

-- Who else holds a package (D59).
CREATE TABLE share (
    package_id TEXT NOT NULL REFERENCES package (id),
    client_id TEXT NOT NULL,
    PRIMARY KEY (package_id, client_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX share_of_client ON share (client_id);

-- Where the credits are: always the sum of what was sold. Only movements change it, by trigger.
-- Of an unlimited one `sold` and `available` are NULL: nothing is counted (D42).
CREATE TABLE entitlement (
    package_id TEXT NOT NULL REFERENCES package (id),
    id TEXT NOT NULL,
    sold INTEGER,
    available INTEGER CHECK (available >= 0),
    reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    redeemed INTEGER NOT NULL DEFAULT 0 CHECK (redeemed >= 0),
    forfeited INTEGER NOT NULL DEFAULT 0 CHECK (forfeited >= 0),
    PRIMARY KEY (package_id, id),
    CHECK ((sold IS NULL) = (available IS NULL)),
    CHECK (sold = available + reserved + redeemed + forfeited)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER entitlement_stays BEFORE UPDATE OF package_id, id, sold ON entitlement BEGIN
    SELECT RAISE (ABORT, 'what was sold is never changed');
END;

-- One row a booking; the document is `Redemption.to_document()` as JSON.
CREATE TABLE redemption (
    number INTEGER PRIMARY KEY,
    booking_id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;

CREATE TRIGGER redemption_goes_on BEFORE UPDATE ON redemption
WHEN new.booking_id <> old.booking_id OR new.version <> old.version + 1 BEGIN
    SELECT RAISE (ABORT, 'a redemption goes on by one version');
END;

CREATE TRIGGER redemption_is_kept BEFORE DELETE ON redemption BEGIN
    SELECT RAISE (ABORT, 'a redemption is never deleted');
END;

-- The history: who, when and why. Append only. Each act raises the version of the redemption, so
-- that it moves its credits once.
CREATE TABLE movement (
    number INTEGER PRIMARY KEY,
    booking_id TEXT NOT NULL REFERENCES redemption (booking_id),
    version INTEGER NOT NULL,
    place INTEGER NOT NULL,
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
    UNIQUE (booking_id, version, place),
    FOREIGN KEY (package_id, entitlement_id) REFERENCES entitlement (package_id, id)
) STRICT;

CREATE TRIGGER movement_counts AFTER INSERT ON movement BEGIN
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

CREATE TRIGGER movement_stays BEFORE UPDATE ON movement BEGIN
    SELECT RAISE (ABORT, 'a movement is never changed');
END;

CREATE TRIGGER movement_is_kept BEFORE DELETE ON movement BEGIN
    SELECT RAISE (ABORT, 'a movement is never deleted');
END;

-- What each booking uses of a package now (D54): the fields of `Use`.
CREATE TABLE use (
    package_id TEXT NOT NULL REFERENCES package (id),
    booking_id TEXT NOT NULL REFERENCES redemption (booking_id),
    line INTEGER NOT NULL,
    entitlement_id TEXT NOT NULL,
    service_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    starts_at TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (package_id, booking_id, line)
) STRICT, WITHOUT ROWID;
"""

_HEADER: Final = """
SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master)
FROM pragma_application_id, pragma_user_version
"""


def is_new(connection: sqlite3.Connection, path: str) -> bool:
    """Tell whether the file has no tables yet; nothing is written.

    Raises:
        InvalidValueError: it is the file of another program, or of a newer version of this store.
    """
    application_id, number, tables = connection.execute(_HEADER).fetchone()
    if application_id == APPLICATION_ID:
        if number > NUMBER:
            allowed = f"a file of schema {NUMBER} (it has schema {number}: a newer version made it)"
            raise InvalidValueError("path", path, allowed)
        return False
    if (application_id, number, tables) != (0, 0, 0):
        raise InvalidValueError("path", path, "a new file, or one that this store has made")
    return True


def make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables, in a transaction that is open."""
    for statement in STATEMENTS.split("\n\n"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {NUMBER}")
