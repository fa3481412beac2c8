// Package shipping makes the journals of two machines equal. Both hold all records of all
// origins; each batch says after which record of which origin it follows, and is acknowledged
// only when it is durable. Nothing is counted by time, and nothing is deleted.
//
// The machine of lower rank, the child, asks: it pushes what its parent lacks and pulls what
// it lacks itself. What a parent gets from one child its other children pull. A history that
// exists twice under one name is found by the hash at the cursor; the child then goes on under
// a new name (journal.Store.Reincarnate), and nothing of either is lost.
package shipping
