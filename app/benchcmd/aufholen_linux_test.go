package benchcmd_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/wacht"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/node/shipping"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// BenchmarkAufholen is what catching up costs, on demand: AUFHOLEN=<data folder> go test -run - -bench Aufholen
// -benchtime 1x ./app/benchcmd. The folder holds a journal with some ten thousand records of another machine, as
// offizin bench nodes --ordner leaves it in folder 1. The processor is that of both sides.
func BenchmarkAufholen(b *testing.B) {
	from := gefuellt(b)
	b.Run("speichern", func(b *testing.B) {
		var list []journal.Record
		heads, err := from.Heads(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		for _, h := range heads {
			if h.Seq > 10_000 {
				err = from.Records(b.Context(), h.Origin, 0, func(r journal.Record) (bool, error) {
					list = append(list, r)
					return true, nil
				})
			}
		}
		if err != nil || len(list) == 0 {
			b.Fatal("no log of 10,000 records", err)
		}
		miss(b, func(to *sqlite.Store) int {
			for i := 0; i < len(list); {
				n := min(i+500, len(list))
				for n < len(list) {
					if _, at, _ := journal.SplitKey(list[n].Key); at == 0 {
						break
					}
					n++
				}
				if _, err := to.Receive(b.Context(), list[i:n]); err != nil {
					b.Fatal(err)
				}
				i = n
			}
			return len(list)
		})
	})
	b.Run("TLS", func(b *testing.B) {
		srv := httptest.NewTLSServer(shipping.NewServer(from, slog.New(slog.DiscardHandler)))
		defer srv.Close()
		miss(b, func(to *sqlite.Store) int {
			child := shipping.NewChild(to, &shipping.Parent{URL: srv.URL, HTTP: srv.Client()})
			child.Ahead = true
			st, err := child.Sync(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			return st.Pulled
		})
	})
}

// gefuellt opens the journal of the folder.
func gefuellt(b *testing.B) *sqlite.Store {
	b.Helper()
	dir := os.Getenv("AUFHOLEN")
	if dir == "" {
		b.Skip("measures on demand only")
	}
	from, err := sqlite.Open(b.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections(), Ballast: -1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = from.Close() })
	return from
}

// BenchmarkAufholenVorgang is how long acts on a machine take while it catches up, one every 20 ms.
func BenchmarkAufholenVorgang(b *testing.B) {
	from := gefuellt(b)
	srv := httptest.NewTLSServer(shipping.NewServer(from, slog.New(slog.DiscardHandler)))
	defer srv.Close()
	miss(b, func(to *sqlite.Store) int {
		child := shipping.NewChild(to, &shipping.Parent{URL: srv.URL, HTTP: srv.Client()})
		child.Ahead = true
		done, took := make(chan struct{}), make(chan []time.Duration)
		go func() { took <- booked(to, done) }()
		st, err := child.Sync(b.Context())
		close(done)
		list := <-took
		if err != nil || len(list) == 0 {
			b.Fatal(err, list)
		}
		slices.Sort(list)
		for _, p := range []int{50, 95, 99} {
			b.ReportMetric(float64(list[len(list)*p/100].Microseconds())/1e3, fmt.Sprintf("p%d-ms", p))
		}
		return st.Pulled
	})
}

// booked are acts until somebody says that it is done, and how long each took.
func booked(s *sqlite.Store, done <-chan struct{}) (list []time.Duration) {
	pause := time.NewTicker(20 * time.Millisecond)
	defer pause.Stop()
	for uhr := clock.NewReal(); ; {
		select {
		case <-done:
			return list
		case <-pause.C:
		}
		began := uhr.Mono()
		_, err := s.Append(context.Background(), journal.Act{
			Key: fmt.Sprint("dabei-", len(list)), Input: len(list), Actor: "AB",
			Decide: func(journal.Rows) ([]journal.Event, error) {
				return []journal.Event{event.BestandGeaendert{PZN: "01234562", Delta: 1, Art: "zugang"}}, nil
			},
		})
		if err != nil {
			return nil
		}
		list = append(list, uhr.Mono()-began)
	}
}

func miss(b *testing.B, f func(*sqlite.Store) int) {
	b.Helper()
	n := 0
	var used time.Duration
	for b.Loop() {
		b.StopTimer()
		to, err := sqlite.Open(b.Context(), sqlite.Options{
			Dir: b.TempDir(), Node: "platz-8", Projections: alle.Projections(), Ballast: -1,
		})
		if err != nil {
			b.Fatal(err)
		}
		runtime.GC()
		before := prozessor(b)
		b.StartTimer()
		n += f(to)
		b.StopTimer()
		used += prozessor(b) - before
		if err := to.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(used.Microseconds())/float64(n), "cpu-µs/record")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "µs/record")
	b.ReportMetric(0, "ns/op")
}

func prozessor(b *testing.B) time.Duration {
	b.Helper()
	used, ok := wacht.CPU()
	if !ok {
		b.Fatal("the system does not say what was computed")
	}
	return used
}
