package browsertest_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/offizin/offizin/app/driver"
)

// The pace of the hands: people type slower than any scanner.
const (
	typing  = 45 * time.Millisecond
	burst   = 3 * time.Millisecond
	patient = 20 * time.Second // what is not on the screen by then will not come
)

// temp holds what all tests share; TestMain removes it.
var temp string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "offizin-browser-")
	if err != nil {
		panic(err)
	}
	temp = dir
	code := m.Run()
	stopBrowser()
	_ = os.RemoveAll(dir) // the browser may still be closing its files
	os.Exit(code)
}

// binary builds the program, once.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(temp, "offizin")
	out, err := exec.Command("go", "build", "-o", path, "github.com/offizin/offizin/cmd/offizin").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w: %s", err, out)
	}
	return path, nil
})

var stopBrowser = func() {}

// browser starts Chromium, once for all tests.
var browser = sync.OnceValues(func() (context.Context, error) {
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		return nil, exec.ErrNotFound
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], //nolint:gocritic // an array: append copies
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(filepath.Join(temp, "profil")),
		chromedp.Flag("disable-component-update", true), chromedp.WindowSize(1280, 800))
	alloc, cancelAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(alloc)
	stopBrowser = func() { cancel(); cancelAlloc() }
	return ctx, chromedp.Do(ctx)
})

// till is a running pharmacy with somebody standing at its screen.
type till struct {
	*testing.T
	ctx     context.Context
	dir     string
	process *driver.Process
}

// open starts a pharmacy of its own with a fresh browser window, and signs "AB" in.
func open(t *testing.T) *till {
	t.Helper()
	parent, err := browser()
	if err != nil {
		if os.Getenv("OFFIZIN_BROWSER") == "pflicht" {
			t.Fatal("no Chromium:", err)
		}
		t.Skip("no Chromium:", err)
	}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	x := &till{T: t, ctx: ctx, dir: t.TempDir()}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 800)); err != nil { // opens the window: it lives as long as ctx
		t.Fatal(err)
	}
	x.start()
	x.key("F1")
	x.key("1")
	x.until(`document.querySelector("#benutzer summary").innerText.startsWith("AB")`)
	x.ready()
	return x
}

// start runs the program on the folder of the test and opens the till. The program ends
// with the test, whatever becomes of the page.
func (x *till) start() {
	x.Helper()
	path, err := binary()
	if err != nil {
		x.Fatal(err)
	}
	x.process, err = driver.Start(x.ctx, path, "demo", "--daten", x.dir, "--artikel", "6000")
	if err != nil {
		x.Fatal(err)
	}
	x.Cleanup(x.process.Stop)
	x.do(chromedp.Navigate(x.process.URL + "/verkauf"))
	x.ready()
}

func (x *till) do(steps ...chromedp.Action[chromedp.Void]) {
	x.Helper()
	ctx, cancel := context.WithTimeout(x.ctx, 2*patient)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		x.Fatal(err)
	}
}

// eval asks the page.
func eval[T any](x *till, script string) T {
	x.Helper()
	ctx, cancel := context.WithTimeout(x.ctx, patient)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		x.Fatalf("%s: %v", script, err)
	}
	return v
}

// until waits until a condition holds on the page.
func (x *till) until(condition string) {
	x.Helper()
	limit := time.NewTimer(patient)
	defer limit.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !x.holds(condition) {
		select {
		case <-limit.C:
			x.shot("fehlschlag-" + strings.ToLower(x.Name()))
			x.Fatalf("never: %s\nfocus: %s\n%s", condition, x.focus(), x.text("body"))
		case <-tick.C:
		}
	}
}

// holds asks the page once; a page that is just being left says no.
func (x *till) holds(condition string) bool {
	ok, err := chromedp.Run(x.ctx, chromedp.Evaluate[bool]("!!("+condition+")"))
	return err == nil && ok
}

// ready waits until the input line has the focus: nothing else may ever keep it.
func (x *till) ready() {
	x.Helper()
	x.until(`document.activeElement?.id === "eingabe" && window.offizin?.bereit`)
}

func (x *till) focus() string {
	return eval[string](x, `(e => e ? e.outerHTML.slice(0, 120) : "")(document.activeElement)`)
}

// text is what is to be read in an element.
func (x *till) text(selector string) string {
	x.Helper()
	return eval[string](x, fmt.Sprintf(`(document.querySelector(%q)?.innerText ?? "")`, selector))
}

// sees waits until all the words are to be read in an element.
func (x *till) sees(selector string, words ...string) {
	x.Helper()
	for _, w := range words {
		x.until(fmt.Sprintf(`(document.querySelector(%q)?.innerText ?? "").replaceAll("\u00a0", " ").includes(%q)`, selector, w))
	}
}

// lines waits until the cart has n lines.
func (x *till) lines(n int) {
	x.Helper()
	x.until(fmt.Sprintf(`document.querySelectorAll(".zeile").length === %d`, n))
}

var keys = map[string]string{
	"F1": kb.F1, "F2": kb.F2, "F3": kb.F3, "F4": kb.F4, "F6": kb.F6, "F7": kb.F7, "F8": kb.F8, "F9": kb.F9, "F10": kb.F10,
	"F11": kb.F11, "F12": kb.F12, "Enter": kb.Enter, "Escape": kb.Escape, "Down": kb.ArrowDown, "Up": kb.ArrowUp, "Tab": kb.Tab,
	"Backspace": kb.Backspace, "PageDown": kb.PageDown,
}

var modifiers = map[string]chromedp.Modifier{
	"Alt": chromedp.ModifierAlt, "Strg": chromedp.ModifierCtrl, "Umschalt": chromedp.ModifierShift,
}

// key presses one key, "F10", "Alt+b" or "3".
func (x *till) key(name string) {
	x.Helper()
	time.Sleep(typing)
	var options []chromedp.KeyOption
	if m, rest, ok := strings.Cut(name, "+"); ok && modifiers[m] != 0 {
		name, options = rest, append(options, chromedp.KeyModifiers(modifiers[m]))
	}
	k, ok := keys[name]
	if !ok {
		k = name
	}
	x.do(chromedp.KeyEvent(k, options...))
}

// write types as people do.
func (x *till) write(text string) {
	x.Helper()
	for _, c := range text {
		x.key(string(c))
	}
}

// scan types as scanners do: fast, with Enter at the end. The keys bear the times of a
// scanner, however long a busy machine takes to deliver them.
func (x *till) scan(code string) {
	x.Helper()
	time.Sleep(typing)
	at := time.Now()
	for _, c := range code + kb.Enter {
		x.do(chromedp.KeyEvent(string(c), func(p *input.DispatchKeyEventParams) {
			p.Timestamp = input.TimeSinceEpoch(float64(at.UnixMicro()) / 1e6)
			if p.Type == input.DispatchKeyEventTypeKeyDown { // as a keyboard sends it: what the page refuses types nothing
				p.Type = input.DispatchKeyEventTypeRawKeyDown
			}
		}))
		time.Sleep(burst)
		at = at.Add(burst)
	}
}

// shot leaves pictures at both sizes, if somebody wants to look.
func (x *till) shot(name string) {
	x.Helper()
	dir := os.Getenv("OFFIZIN_BILDER")
	if dir == "" {
		return
	}
	for _, size := range [][2]int64{{1024, 768}, {1366, 768}, {1280, 800}} {
		x.do(chromedp.EmulateViewport(size[0], size[1]))
		png, err := chromedp.Run(x.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			x.Fatal(err)
		}
		file := filepath.Join(dir, fmt.Sprintf("%s-%d.png", name, size[0]))
		if err := os.WriteFile(file, png, 0o600); err != nil {
			x.Fatal(err)
		}
	}
}
