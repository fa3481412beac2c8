// Package abdata reads deliveries of the ABDA-Artikelstamm in the format K2 and maps them
// to articles and contracts. It also writes deliveries, for practice and tests.
//
// A delivery is a folder of text files that describe their own fields. PROTOCOL.md says
// which fields become what, what is left out, and what is not settled.
package abdata
