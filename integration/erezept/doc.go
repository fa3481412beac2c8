// Package erezept reads what the E-Rezept brings into the pharmacy and what leaves
// it: prescriptions (KBV_PR_ERP_Bundle 1.1, 1.3 and 1.4) and billing data
// (DAV-PR-ERP-AbgabedatenBundle 1.4 and 1.5, DAV-PKV 1.3 and 1.4), both FHIR R4 in
// XML. It also writes prescriptions for the demo.
//
// It reads what the pharmacy needs and says of the rest that it was not read; it is
// no FHIR validator. PROTOCOL.md lists which faults it finds and which it does not.
package erezept
