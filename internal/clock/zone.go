package clock

import (
	"sync"
	"time"
)

// berlin loads the shipped zone file once. A damaged one is a fault of the build.
var berlin = sync.OnceValue(func() *time.Location { //nolint:gochecknoglobals // immutable, made from embedded bytes
	loc, err := time.LoadLocationFromTZData("Europe/Berlin", berlinFile)
	if err != nil {
		panic("clock: embedded zone file: " + err.Error())
	}
	return loc
})
