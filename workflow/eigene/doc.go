// Package eigene keeps the articles and prices of the pharmacy's own. They stand in the
// journal and not in a generation of the catalogue, and so survive each change of it; the
// Katalog lays them over whatever generation holds.
package eigene
