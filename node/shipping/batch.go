package shipping

import (
	"context"
	"slices"

	"github.com/offizin/offizin/journal"
)

// next reads the records of an origin after a number: some hundred, and whole acts only, so
// that nobody ever sees half of one.
func next(ctx context.Context, s journal.Store, o journal.Origin, after uint64) ([]journal.Record, error) {
	var list []journal.Record
	size, full := 0, false
	err := s.Records(ctx, o, after, func(r journal.Record) (bool, error) {
		_, i, _ := journal.SplitKey(r.Key)
		if full && i == 0 || len(list) == journal.MaxBatch {
			return false, nil
		}
		list = append(list, r)
		size += len(r.Payload)
		full = full || len(list) >= batchSize || size >= batchBytes
		return true, nil
	})
	if err != nil || len(list) < journal.MaxBatch {
		return list, err
	}
	return whole(list), nil
}

// upTo leaves the records behind a number out.
func upTo(list []journal.Record, until uint64) []journal.Record {
	if i := slices.IndexFunc(list, func(r journal.Record) bool { return r.Seq > until }); i >= 0 {
		return list[:i]
	}
	return list
}

// whole leaves an act out that does not end in the list, if others come before it.
func whole(list []journal.Record) []journal.Record {
	for n := len(list) - 1; n > 0; n-- {
		if _, i, _ := journal.SplitKey(list[n].Key); i == 0 {
			return list[:n]
		}
	}
	return list
}
