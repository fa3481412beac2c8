package memory

import "hash/fnv"

// node is a row in a sorted tree that is never changed: a change copies the path to
// it, so every older root stays a whole and consistent view. Priorities come from
// the keys (a treap), so the same rows always make the same tree.
type node struct {
	key         string
	value       []byte
	priority    uint64
	left, right *node
}

func priority(key string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key)) // never fails
	return h.Sum64()
}

func (n *node) get(key string) ([]byte, bool) {
	for n != nil {
		switch {
		case key < n.key:
			n = n.left
		case key > n.key:
			n = n.right
		default:
			return n.value, true
		}
	}
	return nil, false
}

// put returns a tree in which the row has the value. Its root is new.
func (n *node) put(key string, value []byte) *node {
	if n == nil {
		return &node{key: key, value: value, priority: priority(key)}
	}
	m := *n
	switch {
	case key < m.key:
		m.left = m.left.put(key, value)
		if up := m.left; up.priority > m.priority {
			m.left, up.right = up.right, &m
			return up
		}
	case key > m.key:
		m.right = m.right.put(key, value)
		if up := m.right; up.priority > m.priority {
			m.right, up.left = up.left, &m
			return up
		}
	default:
		m.value = value
	}
	return &m
}

// without returns a tree that lacks the row.
func (n *node) without(key string) *node {
	if _, ok := n.get(key); !ok {
		return n
	}
	return n.cut(key)
}

func (n *node) cut(key string) *node {
	if key == n.key {
		return join(n.left, n.right)
	}
	m := *n
	if key < m.key {
		m.left = m.left.cut(key)
	} else {
		m.right = m.right.cut(key)
	}
	return &m
}

// join makes one tree of two; all keys of a are below those of b.
func join(a, b *node) *node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.priority > b.priority:
		m := *a
		m.right = join(a.right, b)
		return &m
	}
	m := *b
	m.left = join(a, b.left)
	return &m
}

// walk calls f for each row in [from, to) in order, or in reverse, until f returns
// false.
func (n *node) walk(from, to string, reverse bool, f func(*node) (bool, error)) (more bool, err error) {
	if n == nil {
		return true, nil
	}
	first, second := n.left, n.right
	visitFirst, visitSecond := n.key > from, n.key < to
	if reverse {
		first, second = second, first
		visitFirst, visitSecond = visitSecond, visitFirst
	}
	if visitFirst {
		if more, err := first.walk(from, to, reverse, f); err != nil || !more {
			return false, err
		}
	}
	if n.key >= from && n.key < to {
		if more, err := f(n); err != nil || !more {
			return false, err
		}
	}
	if !visitSecond {
		return true, nil
	}
	return second.walk(from, to, reverse, f)
}
