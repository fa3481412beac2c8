package code_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"filippo.io/age"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/app/sicherung/code"
	"github.com/offizin/offizin/internal/fault"
)

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// A code as printed opens what was locked for it, however it is typed.
func TestCodeOpens(t *testing.T) {
	c := code.New()
	id := identity(t, c)
	var locked bytes.Buffer
	w, err := age.Encrypt(&locked, id.Recipient())
	if err == nil {
		_, err = io.WriteString(w, "offen")
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	typed := strings.ToLower(strings.Join(c.Gruppen(), " - "))
	for _, text := range []string{typed, strings.Join(c.Gruppen(), ""), strings.ReplaceAll(typed, "0", "o"), strings.ReplaceAll(typed, "1", "l")} {
		again, err := code.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		r, err := age.Decrypt(bytes.NewReader(locked.Bytes()), identity(t, again))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); string(got) != "offen" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
	if text := fmt.Sprintf("%v %+v %#v %s", c, c, c, c); strings.Contains(text, c.Gruppen()[0]) || strings.Contains(text, "{") {
		t.Error("the code formats as itself")
	}
}

// Every single wrong character, every two neighbours swapped and every two groups swapped
// are found, and the group is named.
func TestTypingErrorsAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := code.New().Gruppen()
		g, at := rapid.IntRange(0, 7).Draw(t, "group"), rapid.IntRange(0, 4).Draw(t, "place")
		wrong := []byte(groups[g])
		if rapid.Bool().Draw(t, "swap") && at < 4 {
			wrong[at], wrong[at+1] = wrong[at+1], wrong[at]
		} else {
			wrong[at] = alphabet[rapid.IntRange(0, 31).Draw(t, "char")]
		}
		if string(wrong) != groups[g] {
			typed := append(append(append([]string{}, groups[:g]...), string(wrong)), groups[g+1:]...)
			needs(t, strings.Join(typed, " "), fmt.Sprintf("Gruppe %d ", g+1))
		}
		other := rapid.IntRange(0, 7).Draw(t, "other")
		if other != g {
			typed := append([]string{}, groups...)
			typed[g], typed[other] = typed[other], typed[g]
			needs(t, strings.Join(typed, " "), fmt.Sprintf("Gruppe %d ", min(g, other)+1))
		}
		needs(t, strings.Join(groups[:7], " "), "Gruppe 8 ")
		needs(t, strings.Join(groups, " ")+"7", "Gruppe 8 ")
	})
	needs(t, "", "Gruppe 1 ")
	needs(t, strings.Repeat("U", 40), "Gruppe 1 ")
}

func needs(t interface{ Errorf(string, ...any) }, text, want string) {
	_, err := code.Parse(text)
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || f.Code != "D-110" || !strings.Contains(f.Text, want) {
		t.Errorf("%v, want %s", err, want)
	}
}

func identity(t *testing.T, c code.Code) *age.X25519Identity {
	t.Helper()
	id, err := c.Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func FuzzParse(f *testing.F) {
	f.Add(strings.Join(code.New().Gruppen(), "-"))
	f.Add("ſ I l O 0 –")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := code.Parse(text)
		if err != nil {
			return
		}
		if again, err := code.Parse(strings.Join(c.Gruppen(), " ")); err != nil || again != c {
			t.Errorf("%v, %v", again, err)
		}
	})
}
