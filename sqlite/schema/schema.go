// Package schema is the shape of the database, and how an earlier one becomes this.
package schema

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/offizin/offizin/internal/fault"
)

// minVersion is the first SQLite without the fault that could damage a database when
// the log file is reset (3.51.3).
const minVersion = 3_051_003

// Engine refuses a version of SQLite that is known to damage data.
func Engine(version string) error {
	n := 0
	for part := range strings.SplitSeq(version, ".") {
		v, err := strconv.Atoi(part)
		if err != nil {
			return fmt.Errorf("version of SQLite %q: %w", version, err)
		}
		n = n*1000 + v
	}
	if n < minVersion {
		return fmt.Errorf("SQLite %s is too old: 3.51.3 or later is needed", version)
	}
	return nil
}

// Application marks our databases ("OFFZ"), so that no other is ever touched.
const Application = 0x4f46465a

// Version is the schema of the database, kept as its user_version. A higher one
// was written by a newer program and is refused.
const Version = 3

// Building is the schema while read models are being built anew beside the sales. A program
// that knows nothing of that would show the old ones and spoil the new ones: it refuses.
const Building = 1_000 + Version

// Known reports whether this program works with a database of that schema.
func Known(version int64) bool { return version >= 1 && version <= Version || version == Building }

// ErrVersion reports a database of ours that has no version.
var ErrVersion = errors.New("schema version is missing")

// Judge says by the number of tables, the mark and the version whether a database is new, and
// refuses one that is not ours or newer: J-212, J-213, ErrVersion.
func Judge(tables, application, version int64) (empty bool, err error) {
	switch {
	case tables == 0 && application == 0 && version == 0:
		return true, nil
	case application != Application:
		return false, fault.New(fault.Invalid, "J-212",
			"Die Datei journal.db in diesem Ordner ist kein Journal von Offizin; bitte einen anderen Ordner angeben.", nil)
	case version < 1:
		return false, fmt.Errorf("%w: %d", ErrVersion, version)
	case !Known(version):
		return false, Neuer(nil)
	}
	return false, nil
}

// Neuer is the fault for a journal that a newer program has written, or a record of it: J-213.
func Neuer(cause error) error {
	return fault.New(fault.Invalid, "J-213",
		"Das Journal stammt von einer neueren Version; bitte Offizin aktualisieren – die Daten bleiben unberührt.", cause)
}

// Create makes the database of this version.
//
// record.own marks what binds an idempotency key: the first record of this node
// with that key, over all its incarnations. Foreign records and repetitions are
// stored beside it without a claim, so shipping can never be blocked by a key.
// Rows of record are never changed or deleted (GoBD): triggers refuse it.
const Create = `
CREATE TABLE origin (
	id          INTEGER PRIMARY KEY,
	node        TEXT NOT NULL,
	incarnation TEXT NOT NULL,
	self        INTEGER NOT NULL, -- 1: this database appends here
	seq         INTEGER NOT NULL, -- head
	hash        BLOB NOT NULL,
	lamport     INTEGER NOT NULL,
	UNIQUE (node, incarnation)
) STRICT;
CREATE UNIQUE INDEX origin_self ON origin (self) WHERE self = 1;
CREATE TABLE record (
	pos        INTEGER PRIMARY KEY, -- order of arrival here; rebuilds follow it
	origin     INTEGER NOT NULL REFERENCES origin (id),
	seq        INTEGER NOT NULL,
	key        TEXT NOT NULL,
	own        INTEGER NOT NULL,
	input_hash BLOB NOT NULL,
	type       TEXT NOT NULL,
	lamport    INTEGER NOT NULL,
	wall       INTEGER NOT NULL,
	zone       TEXT NOT NULL,
	actor      TEXT NOT NULL,
	payload    BLOB NOT NULL,
	prev       BLOB NOT NULL,
	hash       BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX record_seq ON record (origin, seq);
CREATE UNIQUE INDEX record_key ON record (key) WHERE own = 1;
` + Aside + `
` + NeverChange + `
` + NeverGo + `
` + NeverReplace + `
` + keys + `
CREATE TABLE projection (
	name   TEXT PRIMARY KEY,
	schema INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
` + Rows

// NeverChange keeps records as they are. Only the repair of a damaged one lifts it.
const NeverChange = "" +
	"CREATE TRIGGER record_update BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'records never change'); END;"

// NeverGo keeps records where they are. Only a new incarnation lifts it, within one
// transaction.
const NeverGo = "" +
	"CREATE TRIGGER record_delete BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'records never go'); END;"

// NeverReplace keeps INSERT OR REPLACE from putting a record in the place of another, of which
// SQLite tells no trigger on deletes. Databases made before it get it when they are opened; programs
// of before it go on with it. New keys of the table are -1 to such a trigger.
const NeverReplace = "CREATE TRIGGER IF NOT EXISTS record_replace BEFORE INSERT ON record WHEN " +
	"NEW.pos >= 0 AND EXISTS (SELECT 1 FROM record WHERE pos = NEW.pos) OR " +
	"EXISTS (SELECT 1 FROM record WHERE origin = NEW.origin AND seq = NEW.seq) OR " +
	"NEW.own = 1 AND EXISTS (SELECT 1 FROM record WHERE key = NEW.key AND own = 1) " +
	"BEGIN SELECT RAISE(ABORT, 'records are never replaced'); END;"

// Aside came with version 2, when records of other machines came.
//
// aside names the records that are stored and not folded into the projections, and those
// that two machines wrote under one key for different things (reason "konflikt"). fork keeps
// what a new incarnation has written anew.
const Aside = `
CREATE INDEX record_foreign ON record (key) WHERE own = 0;
CREATE TABLE aside (
	origin INTEGER NOT NULL REFERENCES origin (id),
	seq    INTEGER NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (origin, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE fork ( -- records as they were before they went to a new incarnation
	origin     INTEGER NOT NULL REFERENCES origin (id),
	seq        INTEGER NOT NULL,
	key        TEXT NOT NULL,
	input_hash BLOB NOT NULL,
	type       TEXT NOT NULL,
	lamport    INTEGER NOT NULL,
	wall       INTEGER NOT NULL,
	zone       TEXT NOT NULL,
	actor      TEXT NOT NULL,
	payload    BLOB NOT NULL,
	prev       BLOB NOT NULL,
	hash       BLOB NOT NULL
) STRICT;
`

// keys came with version 3, when several machines could make keys for one person, and when
// histories were left. n is the order of arrival here, and what is exchanged is counted by it.
const keys = `
CREATE TABLE verlassen ( -- histories that their own machine has left: never taken in again
	node        TEXT NOT NULL,
	incarnation TEXT NOT NULL,
	seq         INTEGER NOT NULL, -- of the first record that differs
	hash        BLOB NOT NULL,    -- of it
	PRIMARY KEY (node, incarnation, seq, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE person_key (
	n       INTEGER PRIMARY KEY AUTOINCREMENT,
	person  TEXT NOT NULL,
	wrapped BLOB NOT NULL -- empty: erased for ever
) STRICT;
CREATE INDEX person_key_person ON person_key (person);
`

// Keys takes the keys of versions 1 and 2 over.
const Keys = "ALTER TABLE person_key RENAME TO person_key_2;" + keys +
	"INSERT INTO person_key (person, wrapped) SELECT person, wrapped FROM person_key_2; DROP TABLE person_key_2;"

// Rows is the table of the projections' rows. A rebuild for comparison has
// it in a database of its own. It keeps rows and keys apart (ADR 0041): in a table WITHOUT ROWID every
// step of a search would read the whole row it compares with, once that is longer than a quarter of a page.
// Journals of earlier programs have such a one until their read models are built anew; all else is the same.
const Rows = `
CREATE TABLE row (
	tab   TEXT NOT NULL,
	key   TEXT NOT NULL,
	value BLOB NOT NULL,
	PRIMARY KEY (tab, key)
) STRICT;
`

// ScratchMode keeps the hot pages of years of rows in memory.
const ScratchMode = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;" +
	"PRAGMA cache_size=-64000;"
