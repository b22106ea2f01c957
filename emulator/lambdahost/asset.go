package lambdahost

import (
	"bytes"
	"debug/elf"
	"debug/macho"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
)

// runnable says why this machine can't run a program: it is absent, not
// executable, or made for another system or processor.
func runnable(program string) error {
	info, err := os.Stat(program)
	if err != nil {
		return errors.New("it has no file bootstrap")
	}
	if info.Mode().Perm()&0o111 == 0 {
		return errors.New("bootstrap is not executable")
	}
	file, err := os.Open(program)
	if err != nil {
		return err
	}
	defer file.Close()
	start := make([]byte, 2)
	if _, err := io.ReadFull(file, start); err == nil && bytes.Equal(start, []byte("#!")) {
		return nil
	}
	if built := platform(file); built != runtime.GOOS+"/"+runtime.GOARCH {
		return fmt.Errorf("bootstrap is built for %s, this machine is %s/%s", built, runtime.GOOS, runtime.GOARCH)
	}
	return nil
}

// platform tells what a binary is built for, in Go's words.
func platform(file io.ReaderAt) string {
	if binary, err := elf.NewFile(file); err == nil {
		switch binary.Machine {
		case elf.EM_X86_64:
			return "linux/amd64"
		case elf.EM_AARCH64:
			return "linux/arm64"
		}
		return "linux/" + binary.Machine.String()
	}
	if binary, err := macho.NewFile(file); err == nil {
		switch binary.Cpu {
		case macho.CpuAmd64:
			return "darwin/amd64"
		case macho.CpuArm64:
			return "darwin/arm64"
		}
	}
	return "an unknown system"
}
