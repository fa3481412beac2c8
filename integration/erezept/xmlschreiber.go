package erezept

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"strings"
)

// The addresses of the profiles and code systems that are written.
const (
	kbv      = "https://fhir.kbv.de/StructureDefinition/"
	kbvCS    = "https://fhir.kbv.de/CodeSystem/"
	fhirDE   = "http://fhir.de/StructureDefinition/"
	v20203   = "http://terminology.hl7.org/CodeSystem/v2-0203"
	iknr     = "http://fhir.de/sid/arge-ik/iknr"
	pznCS    = "http://fhir.de/CodeSystem/ifa/pzn"
	dosierEx = "http://hl7.org/fhir/5.0/StructureDefinition/extension-MedicationRequest.renderedDosageInstruction"
	dosierMe = "http://ig.fhir.de/igs/medication/StructureDefinition/GeneratedDosageInstructionsMeta"
)

// schreiber writes FHIR XML: elements nest by calling each other.
type schreiber struct {
	b     strings.Builder
	tiefe int
}

// el writes an element with what body writes into it.
func (s *schreiber) el(name string, body func()) { s.element(name, "", body) }

// ext writes an extension.
func (s *schreiber) ext(url string, body func()) { s.element("extension", url, body) }

func (s *schreiber) element(name, url string, body func()) {
	s.einzug()
	s.b.WriteString("<" + name)
	if url != "" {
		s.attribut("url", url)
	}
	s.b.WriteString(">\n")
	s.tiefe++
	body()
	s.tiefe--
	s.einzug()
	s.b.WriteString("</" + name + ">\n")
}

// val writes an element with a value; nothing if the value is empty.
func (s *schreiber) val(name, value string) {
	if value == "" {
		return
	}
	s.einzug()
	s.b.WriteString("<" + name)
	s.attribut("value", value)
	s.b.WriteString("/>\n")
}

func (s *schreiber) attribut(name, value string) {
	s.b.WriteString(" " + name + `="`)
	_ = xml.EscapeText(&s.b, []byte(value))
	s.b.WriteString(`"`)
}

func (s *schreiber) einzug() { s.b.WriteString(strings.Repeat("  ", s.tiefe)) }

// coding writes system and code.
func (s *schreiber) coding(system, code string) {
	s.el("coding", func() { s.val("system", system); s.val("code", code) })
}

// extCode writes an extension with a Coding.
func (s *schreiber) extCode(url, system, code string) {
	s.ext(url, func() {
		s.el("valueCoding", func() { s.val("system", system); s.val("code", code) })
	})
}

// extWert writes an extension with a simple value; nothing if it is empty.
func (s *schreiber) extWert(url, typ, value string) {
	if value != "" {
		s.ext(url, func() { s.val(typ, value) })
	}
}

func ja(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// uuid derives the id of a resource from the prescription, so that writing twice gives
// the same file.
func uuid(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	sum[6] = sum[6]&0x0f | 0x40
	sum[8] = sum[8]&0x3f | 0x80
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
