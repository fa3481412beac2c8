package app

import (
	"bytes"
	"strings"

	"github.com/alecthomas/kong"
)

// deutsch prints the help of the command line in German: the library knows English
// only.
func deutsch(o kong.HelpOptions, ctx *kong.Context) error {
	var text bytes.Buffer
	out := ctx.Stdout
	ctx.Stdout = &text
	err := kong.DefaultHelpPrinter(o, ctx)
	ctx.Stdout = out
	if err != nil {
		return err //nolint:wrapcheck // it prints into memory
	}
	_, err = hilfe().WriteString(out, text.String())
	return err //nolint:wrapcheck // a terminal that has gone
}

func hilfe() *strings.Replacer {
	return strings.NewReplacer(
		"Usage:", "Aufruf:", "Arguments:", "Angaben:", "Flags:", "Schalter:", "Commands:", "Befehle:",
		"[flags]", "[Schalter]",
		"Show context-sensitive help.", "Hilfe zu diesem Befehl.", "<command>", "<Befehl>",
		" for more information on a command.", " erklärt einen Befehl.", `Run "`, `„`, "--help\"", "--help“",
		"=STRING", "=ANGABE",
	)
}

// fehler translates what is wrong with a call.
func fehler(err error) string {
	return strings.NewReplacer(
		"unexpected argument", "unbekannte Angabe", "unknown flag", "unbekannter Schalter", "missing flags:", "es fehlt:",
		"expected one of", "erwartet wird eines von", "did you mean", "gemeint ist vielleicht", "expected", "erwartet wird",
		"missing positional arguments", "es fehlen die Angaben", "but got", "statt", "missing value", "der Wert fehlt",
		"=STRING", "=ANGABE", "<command>", "ein Befehl", "must be one of", "muss eines sein von",
		"a valid 64 bit int", "eine ganze Zahl", "a valid 64 bit uint", "eine ganze Zahl ab 0",
		"uint value", "eine ganze Zahl ab 0", "int value", "eine ganze Zahl", "string value", "eine Angabe",
		`"EOL" (<EOL>)`, "nichts",
		"<key>=<value>", "NAME=WERT", " (short flag)", "", "perhaps try", "versuchen Sie", " and --", " und --",
		"can't be used together", "schließen einander aus",
		"bool value must be true, 1, yes, false, 0 or no", "erwartet wird true oder false",
	).Replace(err.Error())
}
