// Package domain is the root of the pure pharmacy: money, days, articles,
// prices and what a patient pays. Nothing below it knows a clock, a disk or a
// network; everything it needs is handed in.
package domain
