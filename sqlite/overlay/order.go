package overlay

import (
	"slices"
	"strings"
)

// block is how many keys stand together at most: what is moved to let one in.
const block = 256

// order is keys, sorted, in blocks none of which is empty.
type order struct{ blocks [][]string }

// at is where a key stands or would stand: the block and the place in it.
func (o *order) at(key string) (b, i int, found bool) {
	b, found = slices.BinarySearchFunc(o.blocks, key, func(list []string, key string) int {
		return strings.Compare(list[0], key)
	})
	if found {
		return b, 0, true
	}
	if b--; b < 0 {
		return 0, 0, false
	}
	i, found = slices.BinarySearch(o.blocks[b], key)
	return b, i, found
}

func (o *order) add(key string) {
	b, i, found := o.at(key)
	switch {
	case found:
		return
	case len(o.blocks) == 0:
		o.blocks = [][]string{{key}}
		return
	}
	list := slices.Insert(o.blocks[b], i, key)
	if o.blocks[b] = list; len(list) <= block {
		return
	}
	half := len(list) / 2
	if i == len(list)-1 { // keys that come in order leave full blocks behind
		half = i
	}
	o.blocks[b] = list[:half:half]
	o.blocks = slices.Insert(o.blocks, b+1, slices.Clone(list[half:]))
}

func (o *order) remove(key string) {
	b, i, found := o.at(key)
	if !found {
		return
	}
	if o.blocks[b] = slices.Delete(o.blocks[b], i, i+1); len(o.blocks[b]) == 0 {
		o.blocks = slices.Delete(o.blocks, b, b+1)
	}
}

// between returns the keys from one up to another; to "": all from there on.
func (o *order) between(from, to string) (list []string) {
	b, i, _ := o.at(from)
	for ; b < len(o.blocks); b, i = b+1, 0 {
		keys := o.blocks[b][i:]
		if to != "" && len(keys) > 0 && keys[len(keys)-1] >= to {
			end, _ := slices.BinarySearch(keys, to)
			return append(list, keys[:end]...)
		}
		list = append(list, keys...)
	}
	return list
}
