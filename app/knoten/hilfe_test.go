package knoten_test

import "crypto/tls"

// insecure is a stranger who believes every certificate.
func insecure() *tls.Config { return &tls.Config{InsecureSkipVerify: true} }
