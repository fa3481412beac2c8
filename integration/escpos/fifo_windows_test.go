package escpos_test

import "testing"

func mkfifo(*testing.T, string) {}
