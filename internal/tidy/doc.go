// Package tidy holds the tests about the code: who may import whom, what is banned
// and where, how long things may be, which words need an entry in the glossary, and
// whether the documents still tell the truth. It has no code of its own; the tests
// are the rule book, and each rule proves on planted violations that it bites.
package tidy
