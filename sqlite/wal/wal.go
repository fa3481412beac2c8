// Package wal looks into the log file of a SQLite database without the engine, which would
// throw away what stands behind a damaged place.
package wal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The layout of the log file: sqlite.org/fileformat.html#the_write_ahead_log.
const (
	logHeader   = 32
	frameHeader = 24
	logMagic    = 0x377f0682 // the last bit says how words are summed
)

// ErrBroken reports a log that breaks off and goes on.
var ErrBroken = errors.New("the log breaks off and goes on")

// logSum is the checksum that runs through the log, frame after frame.
type logSum [2]uint32

func (s logSum) add(order binary.ByteOrder, b []byte) logSum {
	for ; len(b) >= 8; b = b[8:] {
		s[0] += order.Uint32(b) + s[1]
		s[1] += order.Uint32(b[4:]) + s[0]
	}
	return s
}

func sumAt(b []byte) logSum {
	return logSum{binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])}
}

// Check refuses a log in which something is damaged that was durable. The database
// takes a log for ended at the first frame that does not fit, as after a power cut; what
// was acknowledged behind it would be gone without a word. After a power cut at most the
// one act that was being written stands there: whoever wrote the next one had its flush.
// So a sound piece of log behind the break that holds two ends of acts is proof of damage.
// Ends side by side are one: the database fills up to the next sector with copies of it.
func Check(f io.ReaderAt) error {
	head := make([]byte, logHeader)
	if _, err := f.ReadAt(head, 0); err != nil {
		return logEnd(err)
	}
	magic := binary.BigEndian.Uint32(head)
	order := binary.ByteOrder(binary.LittleEndian)
	if magic&1 == 1 {
		order = binary.BigEndian
	}
	size := int(binary.BigEndian.Uint32(head[8:]))
	start := sumAt(head[24:])
	if magic&^1 != logMagic || size < 512 || size > 1<<16 || (logSum{}).add(order, head[:24]) != start {
		return nil // begun and never flushed
	}
	frame := make([]byte, frameHeader+size)
	sum, broken, ends, atEnd := start, false, 0, false
	for off := int64(logHeader); ; off += int64(len(frame)) {
		if _, err := f.ReadAt(frame, off); err != nil {
			return logEnd(err)
		}
		want := sumAt(frame[16:])
		current := string(frame[8:16]) == string(head[16:24]) // not left over from before the log was begun again
		if !current || sum.add(order, frame[:8]).add(order, frame[frameHeader:]) != want {
			broken, ends, atEnd = true, 0, false
		} else {
			end := binary.BigEndian.Uint32(frame[4:]) != 0
			if broken && end && !atEnd {
				ends++
			}
			atEnd = end
		}
		if ends == 2 {
			return fmt.Errorf("before byte %d: %w", off, ErrBroken)
		}
		sum = want
	}
}

func logEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return fmt.Errorf("read the log: %w", err)
}
