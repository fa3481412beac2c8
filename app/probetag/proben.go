package probetag

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/integration/tse/lognachricht"
	"github.com/offizin/offizin/integration/tse/simulator"
)

// proben are the transactions by which a TSE showed after an outage that it signs again: they
// are no record (ADR 0025).
func proben(ctx context.Context, device *simulator.Simulator) (map[uint64]bool, error) {
	var file bytes.Buffer
	if err := device.Export(ctx, 0, 0, &file); err != nil {
		return nil, fmt.Errorf("export the TSE: %w", err)
	}
	list := map[uint64]bool{}
	for r := tar.NewReader(&file); ; {
		head, err := r.Next()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read export of the TSE: %w", err)
		}
		if !strings.HasSuffix(head.Name, ".log") {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(r, lognachricht.MaxBytes+1))
		if err != nil {
			return nil, fmt.Errorf("read export of the TSE: %w", err)
		}
		n, _, err := lognachricht.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("read log of the TSE: %w", err)
		}
		if string(n.ProcessType) == kassenbeleg.ProzessSonstiger {
			list[n.Nummer] = true
		}
	}
}
