package einstellungen

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
)

// zehntel shows tenths of a millimetre: "-1,5".
func zehntel(n int) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d,%d", sign, n/10, n%10)
}

// versatz reads millimetres with one decimal into tenths; empty is 0.
func versatz(f *ui.Form, name string) int {
	s := strings.Replace(f.Text(name), "−", "-", 1)
	if s == "" {
		return 0
	}
	whole, tenth, _ := strings.Cut(strings.Replace(s, ".", ",", 1), ",")
	if tenth == "" {
		tenth = "0"
	}
	n, err := strconv.Atoi(whole + tenth)
	if err != nil || len(tenth) != 1 || len(s) > 6 {
		if f.Err == nil {
			f.Err = fault.New(fault.Invalid, "W-412", "Das ist kein Versatz in Millimetern – Form: 1,5 oder -0,5.", nil)
		}
		return 0
	}
	return n
}
