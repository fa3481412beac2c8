package rang_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/node/rang"
)

const tick = 250 * time.Millisecond

// haus is a pharmacy of machines that see each other as the network lets them.
type haus struct {
	now   time.Duration
	rooms []*rechner
	// cut holds the directions in which calls do not arrive: "1>2".
	cut map[string]bool
}

type rechner struct {
	name  rang.Name
	on    bool
	start time.Duration
	state rang.State
	seen  map[string]*rang.Peer
}

func neu(n int) *haus {
	h := &haus{cut: map[string]bool{}}
	for i := range n {
		h.rooms = append(h.rooms, &rechner{name: rang.Name{Rang: i + 1, Platz: fmt.Sprint("platz-", i+1)}})
		h.an(i)
	}
	return h
}

func (h *haus) an(i int) {
	r := h.rooms[i]
	r.on, r.start, r.state, r.seen = true, h.now, rang.State{}, map[string]*rang.Peer{}
}

// weiter lets time go by, each machine asking all others each tick.
func (h *haus) weiter(d time.Duration) {
	for end := h.now + d; h.now < end; h.now += tick {
		for i, r := range h.rooms {
			if r.on {
				h.step(i, r)
			}
		}
	}
}

func (h *haus) step(i int, r *rechner) {
	var view []rang.Peer
	for j, o := range h.rooms {
		if i == j {
			continue
		}
		p := r.seen[o.name.Platz]
		if p == nil {
			p = &rang.Peer{Name: o.name, Answered: rang.Never}
			r.seen[o.name.Platz] = p
		}
		if o.on && !h.cut[fmt.Sprint(i, ">", j)] {
			if h.now-p.Answered >= rang.Lost {
				p.Since = h.now
			}
			p.Answered, p.Leads, p.Follows, p.Equal = h.now, o.state.Leads, o.state.Parent, true
		}
		view = append(view, *p)
	}
	r.state = rang.Step(h.now, r.start, r.name, view, r.state)
}

func (h *haus) leads() (list []int) {
	for i, r := range h.rooms {
		if r.on && r.state.Leads {
			list = append(list, i+1)
		}
	}
	return list
}

func (h *haus) parents() (list []string) {
	for _, r := range h.rooms {
		list = append(list, r.state.Parent)
	}
	return list
}

func want(t *testing.T, what string, h *haus, leads []int, parents ...string) {
	t.Helper()
	if !slices.Equal(h.leads(), leads) || !slices.Equal(h.parents(), parents) {
		t.Errorf("%s: leads %v, parents %q; want %v, %q", what, h.leads(), h.parents(), leads, parents)
	}
}

// The lead dies: within 3 seconds the next one leads. It is back: it gets the records at
// once, the errands after a minute.
func TestUebernahme(t *testing.T) {
	h := neu(3)
	h.weiter(time.Second)
	want(t, "start", h, []int{1}, "", "platz-1", "platz-1")
	h.rooms[0].on = false
	h.weiter(3 * time.Second)
	want(t, "3 s after the lead died", h, []int{2}, "", "", "platz-2")
	h.an(0)
	h.weiter(time.Second)
	want(t, "1 s after it is back", h, []int{2}, "", "platz-1", "platz-2")
	h.weiter(58 * time.Second)
	want(t, "59 s", h, []int{2}, "", "platz-1", "platz-2")
	h.weiter(2 * time.Second)
	want(t, "61 s", h, []int{1}, "", "platz-1", "platz-1")
}

// A machine that comes and goes moves nobody but itself.
func TestFlattern(t *testing.T) {
	h := neu(3)
	h.weiter(time.Minute)
	h.rooms[0].on = false
	h.weiter(5 * time.Second)
	for range 20 {
		h.an(0)
		h.weiter(20 * time.Second)
		if !slices.Equal(h.leads(), []int{2}) || h.rooms[2].state.Parent != "platz-2" {
			t.Fatalf("leads %v, parents %q", h.leads(), h.parents())
		}
		h.rooms[0].on = false
		h.weiter(10 * time.Second)
	}
}

// The network is cut in two: both halves work, and are one again afterwards.
func TestGetrennt(t *testing.T) {
	h := neu(4)
	h.weiter(time.Minute)
	for i := range 2 {
		for j := 2; j < 4; j++ {
			h.cut[fmt.Sprint(i, ">", j)], h.cut[fmt.Sprint(j, ">", i)] = true, true
		}
	}
	h.weiter(5 * time.Second)
	want(t, "cut", h, []int{1, 3}, "", "platz-1", "", "platz-3")
	clear(h.cut)
	h.weiter(time.Second)
	want(t, "healed", h, []int{1}, "", "platz-1", "platz-1", "platz-3")
	h.weiter(time.Minute)
	want(t, "a minute later", h, []int{1}, "", "platz-1", "platz-1", "platz-1")
}

// Nobody can call the lead, but it can call others: it ships to the one they follow.
func TestEinseitig(t *testing.T) {
	h := neu(3)
	h.weiter(time.Minute)
	h.cut["1>0"], h.cut["2>0"] = true, true
	h.weiter(10 * time.Second)
	want(t, "one way", h, []int{1, 2}, "", "", "platz-2")
	if also := h.rooms[0].state.Also; !slices.Equal(also, []string{"platz-2"}) {
		t.Errorf("the lonely lead also ships to %v", also)
	}
}

// The cable between two machines is broken, both ways, and the third reaches either: what is sold on the
// machine that leads alone comes to the others by the one that follows the other lead.
func TestDreieck(t *testing.T) {
	h := neu(3)
	h.weiter(time.Minute)
	h.cut["0>1"], h.cut["1>0"] = true, true
	h.weiter(10 * time.Second)
	want(t, "triangle", h, []int{1, 2}, "", "", "platz-1")
	if also := h.rooms[2].state.Also; !slices.Equal(also, []string{"platz-2"}) {
		t.Errorf("the one in between also ships to %v", also)
	}
	clear(h.cut)
	h.weiter(2 * time.Minute)
	want(t, "healed", h, []int{1}, "", "platz-1", "platz-1")
	if also := h.rooms[2].state.Also; len(also) > 0 {
		t.Errorf("healed, and it still ships to %v", also)
	}
}

// Whatever happens, three seconds after the last change somebody leads in every group, every
// machine reaches a lead by its parents, and after two minutes exactly one leads.
func TestImmerEiner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "machines")
		h := neu(n)
		for range rapid.IntRange(0, 12).Draw(t, "events") {
			i, j := rapid.IntRange(0, n-1).Draw(t, "i"), rapid.IntRange(0, n-1).Draw(t, "j")
			switch rapid.SampledFrom([]string{"off", "on", "cut", "heal"}).Draw(t, "what") {
			case "off":
				h.rooms[i].on = false
			case "on":
				h.an(i)
			case "cut":
				h.cut[fmt.Sprint(i, ">", j)] = true
			case "heal":
				delete(h.cut, fmt.Sprint(i, ">", j))
			}
			h.weiter(time.Duration(rapid.IntRange(1, 400).Draw(t, "pause")) * tick)
		}
		clear(h.cut)
		if !slices.ContainsFunc(h.rooms, func(r *rechner) bool { return r.on }) {
			h.an(0)
		}
		h.weiter(3 * time.Second)
		if len(h.leads()) == 0 {
			t.Fatal("nobody leads")
		}
		h.weiter(2 * time.Minute)
		best := slices.IndexFunc(h.rooms, func(r *rechner) bool { return r.on })
		if !slices.Equal(h.leads(), []int{best + 1}) {
			t.Fatalf("%v lead, the best is %d", h.leads(), best+1)
		}
		for i, r := range h.rooms {
			if r.on && i != best && r.state.Parent != h.rooms[best].name.Platz {
				t.Fatalf("%s follows %q", r.name.Platz, r.state.Parent)
			}
		}
	})
}
