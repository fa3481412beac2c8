package erezept

import "strings"

// kind returns the first child with the name, or an empty element, so that paths
// can be followed without asking at each step.
func (k *knoten) kind(name string) *knoten {
	for _, c := range k.kinder {
		if c.name == name {
			return c
		}
	}
	return &knoten{}
}

// alle returns all children with the name.
func (k *knoten) alle(name string) []*knoten {
	var list []*knoten
	for _, c := range k.kinder {
		if c.name == name {
			list = append(list, c)
		}
	}
	return list
}

// pfad follows children by name: "code/coding/code".
func (k *knoten) pfad(path string) *knoten {
	for name := range strings.SplitSeq(path, "/") {
		k = k.kind(name)
	}
	return k
}

// wert is the trimmed value at the end of a path.
func (k *knoten) wert(path string) string { return strings.TrimSpace(k.pfad(path).value) }

// hat reports whether there is a child with the name.
func (k *knoten) hat(name string) bool { return k.kind(name).name != "" }

// ext returns the extension whose url ends in the name, or an empty element.
func (k *knoten) ext(name string) *knoten {
	for _, c := range k.kinder {
		if c.name == "extension" && endung(c.url) == name {
			return c
		}
	}
	return &knoten{}
}

// gibt reports whether the element was found.
func (k *knoten) gibt() bool { return k.name != "" }

// inhalt returns the value[x] of an extension, whatever its type.
func (k *knoten) inhalt() *knoten {
	for _, c := range k.kinder {
		if strings.HasPrefix(c.name, "value") {
			return c
		}
	}
	return &knoten{}
}

// text is the plain value of an extension: string, boolean, date or code.
func (k *knoten) text() string { return strings.TrimSpace(k.inhalt().value) }

// code is the code of an extension with a Coding or CodeableConcept.
func (k *knoten) code() string {
	v := k.inhalt()
	if v.hat("coding") {
		return v.wert("coding/code")
	}
	return v.wert("code")
}

// ja reports whether an extension holds the boolean true.
func (k *knoten) ja() bool { return k.text() == "true" }

// endung is what stands behind the last slash of an address.
func endung(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }

// profil splits the profile of a resource: name and version.
func (k *knoten) profil() (name, version string) {
	name, version, _ = strings.Cut(endung(k.wert("meta/profile")), "|")
	return name, version
}

// bundle is a FHIR bundle with its resources by type and by address.
type bundle struct {
	root    *knoten
	profil  string
	version string
	nachArt map[string][]*knoten
	nachURL map[string]*knoten
}

func leseBundle(data []byte) (*bundle, error) {
	root, err := baum(data)
	if err != nil {
		return nil, err
	}
	if root.name != "Bundle" {
		return nil, errFremd(root.name)
	}
	b := &bundle{root: root, nachArt: map[string][]*knoten{}, nachURL: map[string]*knoten{}}
	b.profil, b.version = root.profil()
	for _, e := range root.alle("entry") {
		for _, r := range e.kind("resource").kinder {
			b.nachArt[r.name] = append(b.nachArt[r.name], r)
			if url := e.wert("fullUrl"); url != "" {
				b.nachURL[url] = r
			}
			if id := r.wert("id"); id != "" {
				b.nachURL[r.name+"/"+id] = r
				b.nachURL["urn:uuid:"+id] = r
			}
		}
	}
	return b, nil
}

// erste returns the first resource of a type, or an empty element.
func (b *bundle) erste(art string) *knoten {
	if list := b.nachArt[art]; len(list) > 0 {
		return list[0]
	}
	return &knoten{}
}

// folge resolves a reference inside the bundle; if it leads nowhere, the only
// resource of the type, else an empty element.
func (b *bundle) folge(ref, art string) *knoten {
	if r, ok := b.nachURL[ref]; ok && r.name == art {
		return r
	}
	part := strings.Split(ref, "/")
	if n := len(part); n >= 2 {
		if r, ok := b.nachURL[part[n-2]+"/"+part[n-1]]; ok && r.name == art {
			return r
		}
	}
	if list := b.nachArt[art]; len(list) == 1 {
		return list[0]
	}
	return &knoten{}
}

// rezeptID is the prescription id of the bundle.
func (b *bundle) rezeptID() string { return b.root.wert("identifier/value") }
