//go:build !windows

package keystore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// systemd wraps with systemd-creds(1), which takes the TPM, the key of the host, or both. The unit
// of the program unwraps it (systemd.exec(5), LoadCredentialEncrypted=); without one the tool does,
// which needs root.
type systemd struct {
	tool string // path of systemd-creds; empty: there is none, only what the unit hands over
	dir  string // what the unit hands over lies here; empty: nothing
}

func newSystemd() (Store, bool) {
	s := systemd{dir: os.Getenv("CREDENTIALS_DIRECTORY")}
	if name, err := exec.LookPath("systemd-creds"); err == nil {
		s.tool = name
	}
	return s, s.tool != "" || s.dir != ""
}

func (systemd) Name() string { return nameSystemd }
func (systemd) File() string { return FileSystemd }

func (s systemd) Wrap(ctx context.Context, secret []byte) ([]byte, error) {
	return s.run(ctx, "encrypt", secret)
}

// maxCredential is more than a key has, in bytes.
const maxCredential = 4096

func (s systemd) Unwrap(ctx context.Context, wrapped []byte) ([]byte, error) {
	if s.dir != "" {
		f, err := os.Open(filepath.Join(s.dir, Credential))
		if err == nil {
			defer f.Close()                                     //nolint:errcheck // only read
			return io.ReadAll(io.LimitReader(f, maxCredential)) //nolint:wrapcheck // the caller says what it read
		}
	}
	return s.run(ctx, "decrypt", wrapped)
}

var errNoTool = errors.New("systemd-creds is not installed, and the unit hands nothing over")

func (s systemd) run(ctx context.Context, verb string, in []byte) ([]byte, error) {
	if s.tool == "" {
		return nil, errNoTool
	}
	var out, told bytes.Buffer
	cmd := exec.CommandContext(ctx, s.tool, verb, "--name="+Credential, "-", "-") //nolint:gosec // found in the PATH
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = bytes.NewReader(in), &out, &told, time.Second
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("systemd-creds %s: %w: %s", verb, err, bytes.TrimSpace(told.Bytes()))
	}
	return out.Bytes(), nil
}
