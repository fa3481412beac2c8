// Package sqlite keeps the journal and its projections in one SQLite database per
// node. It is the only package that speaks SQLite.
//
// One connection writes, a few read. An act is one transaction in WAL mode with
// synchronous=FULL: its records, the rows of all projections and, for an erasure,
// the loss of a key. It costs one flush of the disk.
package sqlite

import (
	"context"
	"math"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/keystore"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/seal"
)

// The files of a data folder.
const (
	File        = "journal.db"
	lockFile    = "journal.lock"
	ballastFile = "ballast.bin"
)

// Options says how to open a journal.
type Options struct {
	Dir         string               // data folder; made if absent
	Node        string               // name of this node; empty: the one the database belongs to
	Clock       clock.Clock          // for acts that name no time; nil: the machine's
	Projections []journal.Projection // read models to keep

	// Unlock returns the key of the node. Nil: the key store that has locked it away, else the
	// key file of the data folder, which is made with a new database.
	Unlock func(context.Context) (seal.Key, error)
	// Keystores are the key stores that may have locked it away; nil: those of the system.
	Keystores []keystore.Store
	// Ballast is how many bytes to keep ready for the moment the disk is full;
	// 0: DefaultBallast, negative: none.
	Ballast int64
	// Progress hears of a rebuild, which is the only slow part of opening.
	Progress func(done, total int64)

	// InPlace is up to how many records the read models are built anew at once when a record
	// counts no more, while acts wait; 0: 2,000, negative: never.
	InPlace int
	// BuildStep is how many records are folded at a time then, while acts wait; 0: 250.
	BuildStep int
	// Failed hears once of each error that holds building up; it is tried again all the same.
	Failed func(error)

	// Beside says that others are at work on this machine: Verify makes do with one core and little memory.
	Beside bool

	// VFS names a registered file system of the database driver; for simulation.
	// Files beside the database (key, ballast) are then left alone.
	VFS string
	// Inline moves the log into the database in the appending goroutine instead of
	// beside it, so that a simulation repeats exactly. Read models are built anew at once
	// unless InPlace says otherwise; then Build does it.
	Inline bool
	// CheckpointPages is after how many pages (4 KiB) of log that happens; 0: 1,000.
	CheckpointPages int
	// Unsafe sets PRAGMA synchronous to something that loses sales. It exists to
	// prove that the simulation finds such a mistake; nothing else may set it.
	Unsafe string
	// UnsafeStand notes how far building is in a transaction of its own; to prove the same.
	UnsafeStand bool
}

// DefaultBallast is the room kept for a running sale on a full disk.
const DefaultBallast = 64 << 20

const (
	defaultCheckpoint = 1_000      // pages
	hardCheckpoint    = 8_000      // pages after which an act waits for the checkpoint
	walLimit          = 16_000_000 // bytes of log file that stay allocated
	cachePages        = -64_000    // KiB, of the writing connection
	readerCache       = -2_000     // KiB, of each reading one
	checkCache        = -64_000    // KiB, of the one that looks at the indexes while nobody else is at work
	scratchCache      = -128_000   // KiB, of the rows that are folded then
	busyTimeout       = 5 * time.Second
)

func (o Options) filled() Options {
	if o.Clock == nil {
		o.Clock = clock.NewReal()
	}
	if o.Ballast == 0 {
		o.Ballast = DefaultBallast
	}
	if o.VFS != "" {
		o.Ballast = -1
	}
	if o.Keystores == nil {
		o.Keystores = keystore.System()
	}
	if o.InPlace == 0 && o.Inline {
		o.InPlace = math.MaxInt
	}
	if o.InPlace == 0 {
		o.InPlace = defaultInPlace
	}
	if o.BuildStep == 0 {
		o.BuildStep = buildStep
	}
	if o.CheckpointPages == 0 {
		o.CheckpointPages = defaultCheckpoint
	}
	return o
}
