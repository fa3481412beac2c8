// Package dateien makes the files of two machines of a pharmacy equal: catalogues and signed
// amendments of the law. A machine asks another what it has, and fetches what it lacks in
// parts, each with its hash, so that a damaged one is fetched again alone and a transfer goes
// on where it was broken off. What a folder takes in, it checks as if a stranger had sent it.
package dateien
