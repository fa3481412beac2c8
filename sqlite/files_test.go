package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/journaltest"
	"github.com/offizin/offizin/journal/seal"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/sqlite"
)

func act(key string, list ...journal.Event) journal.Act {
	return journal.Act{Key: key, Actor: "AB", Decide: func(journal.Rows) ([]journal.Event, error) { return list, nil }}
}

func write(t *testing.T, s *sqlite.Store, acts ...journal.Act) {
	t.Helper()
	for _, a := range acts {
		if _, err := s.Append(t.Context(), a); err != nil {
			t.Fatalf("append %s: %v", a.Key, err)
		}
	}
}

func closed(t *testing.T, s *sqlite.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// refused opens a folder that must be refused with the code and stay as it is.
func refused(t *testing.T, o sqlite.Options, code string) {
	t.Helper()
	file := filepath.Join(o.Dir, sqlite.File)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o.Ballast = -1
	s, err := sqlite.Open(t.Context(), o)
	if err == nil {
		_ = s.Close()
	}
	if _, ok := errors.AsType[*fault.Fault](err); !ok || !strings.Contains(err.Error(), code) {
		t.Errorf("opened with %v, want %s", err, code)
	}
	after, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the refused file was changed (%v)", err)
	}
}

// sql changes a closed database behind the back of the store.
func sql(t *testing.T, dir, text string) {
	t.Helper()
	c, err := sqlite3.Open(filepath.Join(dir, sqlite.File))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Exec(text), c.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestRefusesOtherFiles(t *testing.T) {
	for name, c := range map[string]struct{ sql, bytes, code string }{
		"newer version":    {sql: "PRAGMA user_version=99", code: "J-213"},
		"other program":    {sql: "PRAGMA application_id=1", code: "J-212"},
		"no database":      {bytes: strings.Repeat("Lieber Kunde! ", 1000), code: "J-203"},
		"head without end": {sql: "UPDATE origin SET seq = 7", code: "J-203"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir)
			write(t, s, zugang("a", 1))
			closed(t, s)
			if c.sql != "" {
				sql(t, dir, c.sql)
			} else if err := os.WriteFile(filepath.Join(dir, sqlite.File), []byte(c.bytes), 0o600); err != nil {
				t.Fatal(err)
			}
			refused(t, sqlite.Options{Dir: dir}, c.code)
		})
	}
}

func TestRefusesSecondProgram(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	_, err := sqlite.Open(t.Context(), sqlite.Options{Dir: dir})
	if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "J-211") {
		t.Errorf("second open: %v", err)
	}
	closed(t, s)
	closed(t, open(t, dir))
	refused(t, sqlite.Options{Dir: dir, Node: "platz-9"}, "J-214")
}

// bumped is the projection of the stock with a new schema.
type bumped struct{ bestand.Projection }

// Schema implements journal.Projection.
func (bumped) Schema() int { return 99 }

// A projection with a new schema is made anew from the journal; one that the program no
// longer knows goes.
func TestRebuildsOnNewSchema(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	write(t, s, zugang("a", 3), zugang("b", 4))
	closed(t, s)
	sql(t, dir, "UPDATE row SET value = x'3939' WHERE tab = 'bestand'")
	s, err := sqlite.Open(t.Context(), sqlite.Options{Dir: dir, Ballast: -1, Projections: []journal.Projection{bumped{}}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.View(t.Context(), func(rows journal.Rows) error {
		n, err := bestand.Menge(rows, "01234562")
		if n != 7 {
			t.Errorf("stock is %d after the rebuild, want 7", n)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if b, err := s.Verify(t.Context()); err != nil || len(b.Funde) > 0 {
		t.Errorf("%+v %v", b, err)
	}
}

// Verify finds rows that are not what the journal says, and Rebuild puts them right.
func TestVerifyRows(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	write(t, s, zugang("a", 3))
	closed(t, s)
	sql(t, dir, "UPDATE row SET value = x'3939' WHERE key = 'm/01234562'; INSERT INTO row VALUES ('bestand', 'm/falsch', x'31');"+
		"DELETE FROM row WHERE key LIKE 'b/%'")
	s = open(t, dir)
	b, err := s.Verify(t.Context())
	if err != nil || len(b.Funde) != 3 {
		t.Errorf("%+v %v, want 3 findings", b, err)
	}
	if err := s.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	if b, err = s.Verify(t.Context()); err != nil || len(b.Funde) != 0 {
		t.Errorf("after rebuild: %+v %v", b, err)
	}
}

// Rows and their keys that have come apart are found, and Rebuild makes both anew.
func TestRebuildOfTornRows(t *testing.T) {
	const (
		keyless = "PRAGMA writable_schema=ON; DELETE FROM sqlite_schema WHERE name = 'sqlite_autoindex_row_1';" +
			"UPDATE sqlite_schema SET sql = 'CREATE TABLE row (tab TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL) STRICT' " +
			"WHERE name = 'row'"
		keyed = "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE row (tab TEXT NOT NULL, " +
			"key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (tab, key)) STRICT' WHERE name = 'row';" +
			"INSERT INTO sqlite_schema VALUES ('index', 'sqlite_autoindex_row_1', 'row', %d, NULL)"
	)
	for name, damage := range map[string]string{
		"row without key": "INSERT INTO row VALUES ('bestand', 'm/falsch', x'31')",
		"key without row": "DELETE FROM row WHERE key = 'm/01234562'",
	} {
		dir := t.TempDir()
		s := open(t, dir)
		write(t, s, zugang("a", 3))
		closed(t, s)
		root := number(t, dir, "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_row_1'")
		for _, change := range []string{keyless, damage, fmt.Sprintf(keyed, root)} {
			sql(t, dir, change)
		}
		s = open(t, dir)
		if b, err := s.Verify(t.Context()); err != nil || len(b.Funde) == 0 {
			t.Errorf("%s: %+v %v", name, b, err)
		}
		if err := s.Rebuild(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if b, err := s.Verify(t.Context()); err != nil || len(b.Funde) != 0 {
			t.Errorf("%s, after rebuild: %+v %v", name, b, err)
		}
	}
}

// Whatever is done to a record or to the file, Verify names it and does not crash.
func TestVerifyDamage(t *testing.T) {
	const free = "DROP TRIGGER record_update; DROP TRIGGER record_delete;"
	for name, c := range map[string]struct{ sql, want string }{
		"actor":      {free + "UPDATE record SET actor = 'XY' WHERE seq = 2", "Nr. 2: Der Satz wurde verändert"},
		"missing":    {free + "DELETE FROM record WHERE seq = 2", "Nr. 3: Davor fehlen Sätze"},
		"short hash": {free + "UPDATE record SET hash = x'00' WHERE seq = 2", "Nr. 2: Eine Prüfsumme hat die falsche Länge"},
		"no json":    {free + "UPDATE record SET payload = x'7b' WHERE seq = 2", "Nr. 2: Das Ereignis"},
		"type":       {free + "UPDATE record SET type = 'neu.v9' WHERE seq = 2", "Nr. 2: Die Art"},
		"key":        {free + "UPDATE record SET key = 'x' WHERE seq = 2", "Nr. 2: Der Schlüssel"},
		"tail":       {free + "DELETE FROM record WHERE seq = 3", "Das Ende fehlt"},
		"twice":      {free + "DROP INDEX record_key; UPDATE record SET key = 'a/0'", "steht 3-mal"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir)
			write(t, s, zugang("a", 1), zugang("b", 1), zugang("c", 1))
			closed(t, s)
			sql(t, dir, c.sql)
			wants(t, dir, c.want)
		})
	}
}

func wants(t *testing.T, dir, want string) {
	t.Helper()
	b, err := sqlite.Verify(t.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections()})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, f := range b.Funde {
		list = append(list, f.Ort+": "+f.Text)
	}
	if text := strings.Join(list, "\n"); !strings.Contains(text, want) {
		t.Errorf("no finding %q in:\n%s", want, text)
	}
}

// Every page of the file is overwritten once: Verify always finds it and never crashes.
func TestVerifyEveryPage(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for i := range 40 {
		write(t, s, zugang(fmt.Sprint(i), 1))
	}
	closed(t, s)
	file := filepath.Join(dir, sqlite.File)
	sound, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(sound); at += 4096 {
		bad := bytes.Clone(sound)
		for i := range 512 {
			bad[at+i] ^= 0xa5
		}
		if err := os.WriteFile(file, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		b, err := sqlite.Verify(t.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections()})
		if err == nil && len(b.Funde) == 0 {
			t.Errorf("page %d: damage not found", at/4096+1)
		}
	}
}

// After an erasure the wrapped key is in no file any more.
func TestErasedKeyIsNowhere(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	data, err := s.Seal(t.Context(), "p1", []byte("Anna"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Seal(t.Context(), "p2", []byte("Bernd")); err != nil {
		t.Fatal(err)
	}
	write(t, s, act("a", event.PersonGesetzt{ID: "p1", Daten: data}))
	wrapped := wrappedKey(t, dir, "p1")
	if !inFiles(t, dir, wrapped) {
		t.Fatal("the key is not in the files before: this test shows nothing")
	}
	write(t, s, act("b", event.PersonGeloescht{ID: "p1", Grund: "Wunsch"}))
	if inFiles(t, dir, wrapped) {
		t.Error("the erased key is still in the files of the running journal")
	}
	closed(t, s)
	if inFiles(t, dir, wrapped) {
		t.Error("the erased key is still in the files of the closed journal")
	}
	s = open(t, dir)
	if _, err := s.Open(t.Context(), data); !errors.Is(err, journal.ErrErased) {
		t.Errorf("after reopening: %v", err)
	}
}

// A key of a person that a bad disk has damaged keeps nobody else's from other machines, nor what that person
// buys from now on from being written; what was written before is read when another machine sends its copy.
func TestDamagedKeyOfAPerson(t *testing.T) {
	dir := t.TempDir()
	s, neighbour := open(t, dir), open(t, t.TempDir())
	data := map[string]journal.Sealed{}
	seal := func(person string) journal.Sealed {
		d, err := s.Seal(t.Context(), person, []byte("Anna"))
		mustDo(t, err)
		return d
	}
	opens := func(d journal.Sealed) bool {
		got, err := s.Open(t.Context(), d)
		return err == nil && string(got) == "Anna"
	}
	for _, person := range []string{"p1", "p2", "p3"} {
		data[person] = seal(person)
	}
	all, err := s.PersonKeys(t.Context(), 0, 10)
	mustDo(t, err)
	mustDo(t, neighbour.AddPersonKeys(t.Context(), all))
	closed(t, s)
	sql(t, dir, "UPDATE person_key SET wrapped = zeroblob(length(wrapped)) WHERE person = 'p1'")
	s = open(t, dir)
	list, err := s.PersonKeys(t.Context(), 0, 1)
	if err != nil || len(list) != 1 || list[0] != all[1] {
		t.Errorf("the next one is %v, %v", list, err)
	}
	if opens(data["p1"]) || !opens(data["p2"]) || !opens(seal("p1")) || !opens(data["p3"]) {
		t.Error("who can be read is wrong")
	}
	all, err = neighbour.PersonKeys(t.Context(), 0, 10)
	mustDo(t, err)
	mustDo(t, s.AddPersonKeys(t.Context(), all))
	if !opens(data["p1"]) || !opens(seal("p1")) {
		t.Error("the copy of the neighbour does not help")
	}
}

func wrappedKey(t *testing.T, dir, person string) []byte {
	t.Helper()
	c, err := sqlite3.Open(filepath.Join(dir, sqlite.File))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	st, _, err := c.Prepare("SELECT wrapped FROM person_key WHERE person = '" + person + "'")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if !st.Step() {
		t.Fatal(st.Err())
	}
	return st.ColumnBlob(0, nil)
}

func inFiles(t *testing.T, dir string, secret []byte) bool {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, secret) {
			return true
		}
	}
	return false
}

// Without its key file, or with a foreign one, a journal works but for personal data.
func TestKeyFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "knoten.key")
	s := open(t, dir)
	data, err := s.Seal(t.Context(), "p1", []byte("Anna"))
	if err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	fi, err := os.Stat(file)
	if err != nil || runtime.GOOS != "windows" && fi.Mode().Perm() != 0o600 {
		t.Errorf("key file: %v %v", fi.Mode(), err)
	}
	right, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	foreign := seal.New()
	for i, content := range [][]byte{nil, foreign[:], []byte("kurz")} {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if content != nil {
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s := open(t, dir)
		_, openErr := s.Open(t.Context(), data)
		_, sealErr := s.Seal(t.Context(), "p2", nil)
		for _, err := range []error{openErr, sealErr} {
			if fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "J-215") {
				t.Errorf("key file %d: %v", i, err)
			}
		}
		write(t, s, zugang(fmt.Sprint(i), 1))
		closed(t, s)
		if content == nil {
			if _, err := os.Stat(file); err == nil {
				t.Error("a new key was made beside persons of an old one")
			}
			content = []byte{}
		}
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, right, 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	if plain, err := s.Open(t.Context(), data); err != nil || string(plain) != "Anna" {
		t.Errorf("with the right key: %q %v", plain, err)
	}
}

// A view that is interrupted ends with the error of its context, and the next works.
func TestInterrupted(t *testing.T) {
	s, err := sqlite.Open(t.Context(), sqlite.Options{Dir: t.TempDir(), Ballast: -1, Projections: journaltest.Projections()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var list []journal.Event
	for i := range 1000 {
		list = append(list, event.EinstellungGesetzt{Schluessel: fmt.Sprintf("%04d", i), Wert: "1"})
	}
	write(t, s, act("a", list...))
	ctx, cancel := context.WithCancel(t.Context())
	err = s.View(ctx, func(rows journal.Rows) error {
		cancel()
		return rows.Scan("probe", journal.Range{}, func(string, []byte) (bool, error) { return true, nil })
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted view: %v", err)
	}
	if err := s.View(t.Context(), func(rows journal.Rows) error { _, err := rows.Get("probe", "0001"); return err }); err != nil {
		t.Error(err)
	}
}

// A first start that was killed before it had made anything leaves an empty file: it is said to
// be empty, not to be old.
func TestVerifyLeer(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, sqlite.File), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := sqlite.Verify(t.Context(), sqlite.Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "J-307") {
		t.Errorf("%v", err)
	}
	closed(t, open(t, dir))
}
