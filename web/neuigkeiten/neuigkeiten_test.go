package neuigkeiten_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/web/neuigkeiten"
)

// hoere opens a stream and counts its lines of news; stop goes away.
func hoere(t *testing.T, url string) (news *atomic.Int64, status int, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+neuigkeiten.Pfad, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r) //nolint:bodyclose // by who reads it, below
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cancel)
	news = &atomic.Int64{}
	go func() {
		defer resp.Body.Close()
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			if lines.Text() == "data: neu" {
				news.Add(1)
			}
		}
	}()
	return news, resp.StatusCode, cancel
}

func bald(t *testing.T, what string, f func() bool) {
	t.Helper()
	for uhr := clock.NewReal(); !f(); time.Sleep(time.Millisecond) {
		if uhr.Mono() > time.Second {
			t.Fatal("not within a second:", what)
		}
	}
}

func serve(t *testing.T, bells ...*journal.Bell) *httptest.Server {
	t.Helper()
	var list []func() <-chan struct{}
	for _, b := range bells {
		list = append(list, b.Changed)
	}
	mux := http.NewServeMux()
	neuigkeiten.New(list).Routes(mux)
	s := httptest.NewUnstartedServer(mux)
	s.Config = neuigkeiten.Server(&http.Server{Handler: mux})
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// One line at once, one for each source that changes, and of many changes few lines.
func TestNeuigkeiten(t *testing.T) {
	var a, b journal.Bell
	s := serve(t, &a, &b)
	news, _, _ := hoere(t, s.URL)
	bald(t, "the first line", func() bool { return news.Load() == 1 })
	a.Ring()
	bald(t, "a change of a", func() bool { return news.Load() == 2 })
	b.Ring()
	bald(t, "a change of b", func() bool { return news.Load() == 3 })
	for uhr := clock.NewReal(); uhr.Mono() < time.Second; time.Sleep(time.Millisecond) {
		a.Ring()
	}
	if n := news.Load() - 3; n < 2 || n > 5 {
		t.Errorf("%d lines in a second of changes, want about 4", n)
	}
}

// No more streams than there may be; one that goes away makes room.
func TestGrenze(t *testing.T) {
	var a journal.Bell
	s := serve(t, &a)
	var last func()
	for i := range neuigkeiten.MaxStreams {
		_, status, stop := hoere(t, s.URL)
		if last = stop; status != http.StatusOK {
			t.Fatalf("stream %d: %d", i, status)
		}
	}
	if _, status, _ := hoere(t, s.URL); status != http.StatusServiceUnavailable {
		t.Errorf("one too many: %d", status)
	}
	last()
	bald(t, "room again", func() bool { _, status, _ := hoere(t, s.URL); return status == http.StatusOK })
}

// A server that is asked to end does not wait for open screens.
func TestEnde(t *testing.T) {
	var a journal.Bell
	s := serve(t, &a)
	news, _, _ := hoere(t, s.URL)
	bald(t, "the first line", func() bool { return news.Load() == 1 })
	ctx, stop := context.WithTimeout(t.Context(), time.Second)
	defer stop()
	if err := s.Config.Shutdown(ctx); err != nil {
		t.Error(err)
	}
}
