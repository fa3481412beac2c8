// Package node makes one pharmacy of several machines, each of which holds all of it: they
// watch each other, ship their journals to the best one that answers, and know what of theirs
// lies safe on another. A machine that is alone works as it does with others.
package node
