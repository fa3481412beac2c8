// Package bdpm reads the French public list of drugs (Base de données publique des
// médicaments): a real catalogue, large and not ours, for tests of loading and searching.
// It is for tests only and never for sale: its packs get synthetic numbers, its prices are
// French, and no command reads it into the catalogues of a pharmacy. PROTOCOL.md says what
// becomes what.
package bdpm
