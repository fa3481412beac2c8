package erezept

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// The XML namespaces of a bundle. Whatever is in another one (the narrative, mostly)
// is skipped.
const fhirNS = "http://hl7.org/fhir"

// knoten is one FHIR element. In FHIR XML every value stands in the attribute
// "value" and every extension names itself in "url"; nothing else is needed.
type knoten struct {
	name, value, url string
	kinder           []*knoten
}

// baum reads a document into a tree. It refuses document types, entities, other
// charsets and whatever exceeds the limits.
func baum(data []byte) (*knoten, error) {
	data, err := sieh(data)
	if err != nil {
		return nil, err
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	charset := ""
	d.CharsetReader = func(name string, _ io.Reader) (io.Reader, error) {
		charset = name
		return nil, errors.New("charset is not UTF-8")
	}
	b := &bauer{}
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return b.ende()
		}
		switch {
		case charset != "":
			return nil, errZeichensatz(charset)
		case err != nil:
			return nil, b.syntax(err)
		}
		if err := b.token(t); err != nil {
			return nil, err
		}
	}
}

// sieh looks at the first bytes and tells a wrong kind of file by its name.
func sieh(data []byte) ([]byte, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	start := bytes.TrimLeft(data, " \t\r\n")
	switch {
	case len(start) == 0:
		return nil, errLeer()
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")),
		bytes.HasPrefix(data, []byte("<\x00")), bytes.HasPrefix(data, []byte("\x00<")):
		return nil, errZeichensatz("UTF-16")
	case start[0] == '{' || start[0] == '[':
		return nil, errJSON()
	case start[0] == 0x30 && len(start) > 1 && (start[1] >= 0x80 || bytes.IndexByte(start, 0) >= 0):
		return nil, errSigniert()
	case start[0] != '<':
		return nil, errKeinXML(nil)
	}
	return data, nil
}

// bauer builds the tree from raw tokens. Raw ones, because the decoder's own
// matching of namespaces costs twice the time and prefixes do not occur in FHIR.
type bauer struct {
	root  *knoten
	stack []*knoten
	names []string // open elements with prefix, to match their ends
	fremd int      // depth inside an element of another namespace
	count int
}

func (b *bauer) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.Directive:
		return errDTD()
	case xml.StartElement:
		return b.open(t)
	case xml.EndElement:
		return b.close(t)
	case xml.CharData:
		if len(b.names) == 0 && len(bytes.TrimSpace(t)) > 0 {
			return errForm(errors.New("text outside of the root element"))
		}
	case xml.ProcInst:
		return deklaration(t)
	}
	return nil
}

// deklaration refuses another charset than UTF-8 in the XML declaration, which the
// decoder passes on when it is misspelt.
func deklaration(t xml.ProcInst) error {
	if t.Target != "xml" {
		return nil
	}
	_, rest, ok := strings.Cut(string(t.Inst), "encoding")
	if !ok {
		return nil
	}
	rest = strings.TrimLeft(rest, " \t\r\n=")
	if len(rest) < 2 {
		return nil
	}
	name, _, _ := strings.Cut(rest[1:], rest[:1])
	if !strings.EqualFold(name, "utf-8") {
		return errZeichensatz(name)
	}
	return nil
}

func (b *bauer) open(t xml.StartElement) error {
	if len(b.names) == 0 && b.root != nil {
		return errForm(errors.New("more than one root element"))
	}
	b.names = append(b.names, qualified(t.Name))
	b.count++
	if len(b.names) > maxTiefe || b.count > maxKnoten {
		return errTiefe()
	}
	if b.fremd > 0 {
		b.fremd++
		return nil
	}
	k := &knoten{name: t.Name.Local}
	ns := fhirNS
	for _, a := range t.Attr {
		switch {
		case a.Name.Space == "" && a.Name.Local == "value":
			k.value = a.Value
		case a.Name.Space == "" && a.Name.Local == "url":
			k.url = a.Value
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			ns = a.Value
		}
	}
	return b.attach(k, ns, t.Name.Space)
}

func (b *bauer) attach(k *knoten, ns, prefix string) error {
	switch {
	case b.root == nil:
		if ns != fhirNS || prefix != "" {
			return errFremd(k.name)
		}
		b.root = k
	case ns != fhirNS || prefix != "":
		b.fremd = 1
		return nil
	default:
		parent := b.stack[len(b.stack)-1]
		parent.kinder = append(parent.kinder, k)
	}
	b.stack = append(b.stack, k)
	return nil
}

func (b *bauer) close(t xml.EndElement) error {
	if len(b.names) == 0 || b.names[len(b.names)-1] != qualified(t.Name) {
		return errForm(errors.New("end of element does not match its start"))
	}
	b.names = b.names[:len(b.names)-1]
	if b.fremd > 0 {
		b.fremd--
		return nil
	}
	b.stack = b.stack[:len(b.stack)-1]
	return nil
}

func (b *bauer) ende() (*knoten, error) {
	switch {
	case len(b.names) > 0:
		return nil, errAbgeschnitten(io.ErrUnexpectedEOF)
	case b.root == nil:
		return nil, errKeinXML(nil)
	}
	return b.root, nil
}

// syntax tells a file that breaks off from one that is wrong inside.
func (b *bauer) syntax(err error) error {
	text := err.Error()
	switch {
	case strings.Contains(text, "unexpected EOF"):
		return errAbgeschnitten(err)
	case strings.Contains(text, "invalid UTF-8"), !utf8.ValidString(text):
		return errKeinUTF8(err)
	case strings.Contains(text, "entity"):
		return errDTD()
	case b.root == nil && b.count == 0:
		return errKeinXML(err)
	}
	return errForm(err)
}

func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}
