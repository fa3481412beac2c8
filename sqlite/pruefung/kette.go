package pruefung

import (
	"context"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/sqlite/satz"
)

// Frage asks a database something and hears each row of the answer until it returns false.
type Frage func(sql string, row func(*sqlite3.Stmt) (bool, error), args ...any) error

// File asks the database engine whether its pages and indexes are sound.
func (b *Bericht) File(file string, ask Frage) error {
	return ask("PRAGMA integrity_check(20)", func(st *sqlite3.Stmt) (bool, error) {
		if text := st.ColumnText(0); text != "ok" {
			b.Add("Datei "+file, "Die Datenbank meldet: %s.", text)
		}
		return true, nil
	})
}

// Keys makes sure that no act of this node counts twice, and counts the keys of persons.
func (b *Bericht) Keys(ask Frage) error {
	sound := " " // then the index of keys is as good as the table, and in order
	if len(b.Funde) > 0 {
		sound = " NOT INDEXED "
	}
	err := ask("SELECT key, count(*) FROM record"+sound+"WHERE own = 1 GROUP BY key HAVING count(*) > 1",
		func(st *sqlite3.Stmt) (bool, error) {
			b.Add("Vorgang "+st.ColumnText(0), "Der Vorgang steht %d-mal im Journal.", st.ColumnInt64(1))
			return true, nil
		})
	if err != nil {
		return fmt.Errorf("count keys of acts: %w", err)
	}
	// The key of the authority is sealed like a person's data and belongs to none.
	return ask("SELECT length(wrapped) = 0, count(DISTINCT person) FROM person_key "+
		"WHERE person NOT LIKE 'aussteller-%' GROUP BY 1", func(st *sqlite3.Stmt) (bool, error) {
		if st.ColumnBool(0) {
			b.Geloescht = st.ColumnInt(1)
		} else {
			b.Personen = st.ColumnInt(1)
		}
		return true, nil
	})
}

// end is where the log of an origin ends by its head, and how far it was read.
type end struct {
	id   int64
	head journal.Head
	last journal.Head
}

func ends(ask Frage) (list []*end, err error) {
	err = ask("SELECT id, node, incarnation, seq, hash FROM origin ORDER BY id", func(st *sqlite3.Stmt) (bool, error) {
		k := &end{id: st.ColumnInt64(0)}
		k.head.Origin = journal.Origin{Node: st.ColumnText(1), Incarnation: st.ColumnText(2)}
		k.head.Seq = uint64(st.ColumnInt64(3))
		copy(k.head.Hash[:], st.ColumnRawBlob(4))
		list = append(list, k)
		return true, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read origins: %w", err)
	}
	return list, nil
}

// Chains follows the log of every origin from its first record to its head, and names
// whatever is not whole.
func (b *Bericht) Chains(ctx context.Context, ask Frage) error {
	list, err := ends(ask)
	for _, k := range list {
		b.Kopf = append(b.Kopf, k.head)
		b.chain(ctx, ask, k)
	}
	return err
}

// maxUnreadable is how many unreadable records in a row are stepped over.
const maxUnreadable = 1_000

func (b *Bericht) chain(ctx context.Context, ask Frage, k *end) {
	head, whole := k.head, true // the record before was read
	for skipped := 0; ; skipped++ {
		before := k.last.Seq
		err := ask("SELECT "+satz.Columns+satz.From+"WHERE r.origin = ? AND r.seq > ? ORDER BY r.seq",
			func(st *sqlite3.Stmt) (bool, error) {
				r, err := satz.Scan(st)
				b.Record(r, err, k.last, whole)
				k.last.Seq, k.last.Hash, whole = r.Seq, r.Hash, true
				return ctx.Err() == nil, nil
			}, k.id, k.last.Seq)
		if err == nil || ctx.Err() != nil {
			break
		}
		if k.last.Seq > before {
			skipped = 0
		}
		k.last.Seq, whole = k.last.Seq+1, false
		b.Damage(head.Origin, k.last.Seq)
		b.Add(fmt.Sprintf("%s Nr. %d", head.Origin, k.last.Seq), "Der Satz ist nicht lesbar: %v.", err)
		if skipped == maxUnreadable || k.last.Seq >= head.Seq {
			return
		}
	}
	if ctx.Err() == nil && (k.last.Seq != head.Seq || whole && k.last.Hash != head.Hash) {
		b.Add(head.Origin.String(), "Das Ende fehlt: der Kopf nennt Nr. %d, der letzte Satz ist Nr. %d.",
			head.Seq, k.last.Seq)
	}
}
