package export

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/offizin/offizin/journal"
)

// Append appends the line of a record, exactly as an encoder of NewEncoder writes Of(r). It is
// for many of them: what is plain text goes in as it is.
func Append(b []byte, r *journal.Record) ([]byte, error) {
	text := [...]string{r.Origin.Node, r.Origin.Incarnation, r.Key, r.Type, r.Zone, r.Actor}
	easy := compact(r.Payload)
	for _, s := range text {
		easy = easy && plain(s)
	}
	if !easy {
		var out bytes.Buffer
		err := NewEncoder(&out).Encode(Of(*r))
		return append(b, out.Bytes()...), err
	}
	b = append(append(b, `{"node":"`...), r.Origin.Node...)
	b = append(append(b, `","incarnation":"`...), r.Origin.Incarnation...)
	b = strconv.AppendUint(append(b, `","seq":`...), r.Seq, 10)
	b = append(append(b, `,"key":"`...), r.Key...)
	b = hex.AppendEncode(append(b, `","input_hash":"`...), r.InputHash[:])
	b = append(append(b, `","type":"`...), r.Type...)
	b = strconv.AppendUint(append(b, `","lamport":`...), r.Lamport, 10)
	b = strconv.AppendInt(append(b, `,"wall":`...), r.Wall, 10)
	b = time.Unix(0, r.Wall).UTC().AppendFormat(append(b, `,"time":"`...), time.RFC3339Nano)
	b = append(append(b, `","zone":"`...), r.Zone...)
	b = append(append(b, `","actor":"`...), r.Actor...)
	b = append(append(b, `","payload":`...), r.Payload...)
	b = hex.AppendEncode(append(b, `,"prev":"`...), r.Prev[:])
	b = hex.AppendEncode(append(b, `","hash":"`...), r.Hash[:])
	return append(b, "\"}\n"...), nil
}

// plain reports whether a string is written in JSON as it is.
func plain[T string | []byte](s T) bool {
	ascii := true
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			return false
		} else if c >= utf8.RuneSelf {
			ascii = false
		}
	}
	return ascii || utf8.ValidString(string(s)) && !bytes.Contains([]byte(s), []byte("\u2028")) &&
		!bytes.Contains([]byte(s), []byte("\u2029"))
}

// compact reports whether JSON has no space between its parts, as we write it.
func compact(b []byte) bool { return dense(b) && json.Valid(b) }

// dense reports whether there is no space outside of strings, and an object, if it is one, ends
// with the last byte.
func dense(b []byte) bool {
	inside, depth := false, 0
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			inside = !inside
		case inside:
			if c == '\\' {
				i++
			}
		case c <= ' ':
			return false
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 && i < len(b)-1 {
				return false
			}
		}
	}
	return !inside && depth == 0
}

// Parse reads a line as Append writes it. The payload is then part of the line and looks like an
// object; whether it is one, and the one that was hashed, is for the caller to see. False if the
// line has any other form, which may still be JSON of a record.
func Parse(line []byte) (r journal.Record, ok bool) {
	c := cursor{rest: line}
	r.Origin = journal.Origin{Node: c.text(`{"node":"`), Incarnation: c.text(`","incarnation":"`)}
	r.Seq = c.number(`","seq":`)
	r.Key = c.text(`,"key":"`)
	r.InputHash = c.hash(`","input_hash":"`)
	r.Type = c.text(`","type":"`)
	r.Lamport = c.number(`","lamport":`)
	r.Wall = c.signed(`,"wall":`)
	c.text(`,"time":"`)
	r.Zone = c.text(`","zone":"`)
	r.Actor = c.text(`","actor":"`)
	c.skip(`","payload":`)
	const tail = `,"prev":"` + `","hash":"` + "\"}\n"
	at := len(c.rest) - len(tail) - 4*len(r.Hash)
	if c.bad || at < 1 || c.rest[0] != '{' || !dense(c.rest[:at]) {
		return r, false
	}
	r.Payload, c.rest = c.rest[:at:at], c.rest[at:]
	r.Prev = c.hash(`,"prev":"`)
	r.Hash = c.hash(`","hash":"`)
	c.skip("\"}\n")
	return r, !c.bad && len(c.rest) == 0
}

// cursor is what is left of a line to be read.
type cursor struct {
	rest []byte
	bad  bool // something else stood there
}

func (c *cursor) skip(s string) {
	rest, ok := bytes.CutPrefix(c.rest, []byte(s))
	c.rest, c.bad = rest, c.bad || !ok
}

// text reads plain text behind a prefix, up to its quotation mark.
func (c *cursor) text(prefix string) string {
	c.skip(prefix)
	n := bytes.IndexByte(c.rest, '"')
	if n < 0 || !plain(c.rest[:n]) {
		c.bad = true
		return ""
	}
	s := string(c.rest[:n])
	c.rest = c.rest[n:]
	return s
}

func (c *cursor) hash(prefix string) (h journal.Hash) {
	c.skip(prefix)
	if len(c.rest) < 2*len(h) {
		c.bad = true
		return h
	}
	_, err := hex.Decode(h[:], c.rest[:2*len(h)])
	c.rest, c.bad = c.rest[2*len(h):], c.bad || err != nil
	return h
}

// digits reads a whole number without a sign, as it is written by us.
func (c *cursor) digits() string {
	n := 0
	for n < len(c.rest) && c.rest[n] >= '0' && c.rest[n] <= '9' {
		n++
	}
	s := string(c.rest[:n])
	c.rest, c.bad = c.rest[n:], c.bad || n > 1 && s[0] == '0'
	return s
}

func (c *cursor) number(prefix string) uint64 {
	c.skip(prefix)
	n, err := strconv.ParseUint(c.digits(), 10, 64)
	c.bad = c.bad || err != nil
	return n
}

func (c *cursor) signed(prefix string) int64 {
	c.skip(prefix)
	rest, minus := bytes.CutPrefix(c.rest, []byte("-"))
	c.rest = rest
	sign := ""
	if minus {
		sign = "-"
	}
	n, err := strconv.ParseInt(sign+c.digits(), 10, 64)
	c.bad = c.bad || err != nil
	return n
}
