// Package dsfinvk writes the records of tills as the tax office reads them: DSFinV-K 2.4, a ZIP
// with 20 tables, a description of them (index.xml) and its DTD. The columns are data: see
// daten. What a Bon is to the tax office says domain/kassenbeleg; what a closing says
// domain/abschluss. Both are written as they were booked, nothing is summed up here.
package dsfinvk
