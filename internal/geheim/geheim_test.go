package geheim_test

import (
	"strings"
	"testing"

	"github.com/offizin/offizin/internal/geheim"
)

func TestHash(t *testing.T) {
	var r geheim.Hasher
	h := r.Hash("493817")
	if !r.Stimmt(h, "493817") || r.Stimmt(h, "493818") || r.Stimmt(h, "") {
		t.Error("the hash does not tell right from wrong")
	}
	if r.Hash("493817") == h || strings.Contains(h, "493817") {
		t.Error("the hash gives the PIN away")
	}
	if c := r.Nachschlag("OA1"); c != r.Nachschlag("OA1") || c == r.Nachschlag("OA2") {
		t.Error("a code cannot be looked up")
	}
}

// A forged record must neither let anybody in nor take the memory of the machine.
func TestFremderHash(t *testing.T) {
	var r geheim.Hasher
	for _, h := range []string{
		"", "x", "argon2id$v19$m4294967295,t1,p1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"argon2id$v19$m8,t0,p1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"argon2id$v19$m8,t1,p1$$", "argon2id$v19$mx$a$b",
	} {
		if r.Stimmt(h, "") {
			t.Errorf("%q lets in", h)
		}
	}
}

func BenchmarkHash(b *testing.B) {
	var r geheim.Hasher
	for b.Loop() {
		r.Hash("493817")
	}
}
