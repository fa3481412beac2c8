package notfallmappe

// spalte is a column of a table.
type spalte struct {
	titel  string
	breite float64 // millimetres, with the gap to the next
	rechts bool    // set to the right
}

// zelle is what stands in a column of one row: lines, in the code page of the fonts.
type zelle struct {
	zeilen []string
	fett   bool
}

// reihe is one row.
type reihe struct {
	zellen []zelle
	name   string // for the running head
}

func (r reihe) lines() int {
	n := 1
	for _, z := range r.zellen {
		n = max(n, len(z.zeilen))
	}
	return n
}

// tabelle is a list that goes over pages.
type tabelle struct {
	b       *blatt
	spalten []spalte
	schrift float64
	zeilig  float64
	ueber   func(y float64) // draws what stands above the heads of the columns
	ab      float64         // where the heads of the columns begin
}

// seitenweise parts rows into those of each page; a row is never torn.
func (t *tabelle) seitenweise(rows []reihe) [][]reihe {
	var pages [][]reihe
	room := 0.0
	for _, r := range rows {
		h := float64(r.lines()) * t.zeilig
		if len(pages) == 0 || h > room {
			pages, room = append(pages, nil), unten-t.ab-t.zeilig-1
		}
		pages[len(pages)-1] = append(pages[len(pages)-1], r)
		room -= h
	}
	return pages
}

// male draws the heads of the columns and the rows of one page.
func (t *tabelle) male(rows []reihe) {
	y := t.ab
	t.b.font("B", t.schrift-0.5)
	t.setze(y, t.titel())
	t.b.pdf.SetDrawColor(hellgrau, hellgrau, hellgrau)
	t.b.pdf.Line(rand, y+t.zeilig, breite-rand, y+t.zeilig)
	t.b.pdf.SetDrawColor(0, 0, 0)
	y += t.zeilig + 0.5
	for i, r := range rows {
		h := float64(r.lines()) * t.zeilig
		if i%2 == 1 {
			t.b.pdf.SetFillColor(grau, grau, grau)
			t.b.pdf.Rect(rand, y, innen, h, "F")
		}
		t.setze(y, r)
		y += h
	}
	if t.ueber != nil {
		t.ueber(t.ab)
	}
}

func (t *tabelle) titel() reihe {
	var r reihe
	for _, s := range t.spalten {
		r.zellen = append(r.zellen, zelle{[]string{t.b.in(s.titel)}, true})
	}
	return r
}

func (t *tabelle) setze(y float64, r reihe) {
	x := rand
	for i, s := range t.spalten {
		if i < len(r.zellen) {
			t.zelle(x, y, s, r.zellen[i])
		}
		x += s.breite
	}
}

func (t *tabelle) zelle(x, y float64, s spalte, z zelle) {
	style := ""
	if z.fett {
		style = "B"
	}
	for i, line := range z.zeilen {
		t.b.eng(line, style, t.schrift, s.breite-luft)
		base := y + float64(i)*t.zeilig + 0.72*t.zeilig
		if s.rechts {
			t.b.rechts(x+s.breite-luft, base, line)
		} else {
			t.b.text(x, base, line)
		}
	}
}

// kleinste is the smallest type that can still be read; only amounts from 100,000 € need it.
const kleinste = 5.0

// eng chooses the type in which a line fits a width: nothing is cut.
func (b *blatt) eng(s, style string, size, width float64) {
	b.font(style, size)
	for size > kleinste && b.pdf.GetStringWidth(s) > width {
		size -= 0.25
		b.font(style, size)
	}
}
