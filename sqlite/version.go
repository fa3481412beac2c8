package sqlite

import "github.com/offizin/offizin/sqlite/schema"

// SchemaVersion is the version of the database that this program writes; it reads all
// before it and refuses all after it.
func SchemaVersion() int { return schema.Version }
