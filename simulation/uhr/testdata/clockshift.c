// clockshift runs an unmodified program with a shifted wall clock.
//
//   clockshift OFFSET-FILE COMMAND [ARGS...]
//
// OFFSET-FILE holds the shift as a decimal number of seconds. It is read again
// every 20 ms, so writing a new number into it steps the wall clock of the
// running program, as an NTP correction would. CLOCK_REALTIME moves;
// CLOCK_MONOTONIC and timers do not.
//
// How it works: Go programs do not call libc for the time, so LD_PRELOAD tools
// have no effect on them; they call __vdso_clock_gettime. After exec the child
// is stopped by ptrace, that function is overwritten in the child's private
// copy of the vDSO by 28 bytes which make the real system call and add the
// offset, and the child is released.
//
// Limits: Linux on amd64. Programs that the child starts by exec get a fresh
// vDSO and the true time. The kernel's own time stamps (files, sockets) stay true.
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { POLL_US = 20000, RET_AT = 27, OFFSET_AT = 30, CODE_LEN = 38 };

// code replaces __vdso_clock_gettime; the 8-byte offset follows at OFFSET_AT.
static const unsigned char code[28] = {
    0xb8, 228, 0, 0, 0,                // mov  eax, 228 (clock_gettime)
    0x0f, 0x05,                        // syscall
    0x85, 0xc0,                        // test eax, eax
    0x75, RET_AT - 11,                 // jne  ret      (call failed)
    0x85, 0xff,                        // test edi, edi
    0x75, RET_AT - 15,                 // jne  ret      (not CLOCK_REALTIME)
    0x48, 0x8b, 0x05, OFFSET_AT - 22, 0, 0, 0,  // mov  rax, [rip + offset]
    0x48, 0x01, 0x06,                  // add  [rsi], rax (tv_sec)
    0x31, 0xc0,                        // xor  eax, eax
    0xc3,                              // ret
};

// vdso_base finds where the kernel mapped the vDSO in process pid.
static uint64_t vdso_base(pid_t pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/auxv", pid);
  int fd = open(path, O_RDONLY);
  if (fd < 0) return 0;
  Elf64_auxv_t entry;
  uint64_t base = 0;
  while (read(fd, &entry, sizeof entry) == sizeof entry)
    if (entry.a_type == AT_SYSINFO_EHDR) base = entry.a_un.a_val;
  close(fd);
  return base;
}

// find_symbol returns the offset of a dynamic symbol inside a vDSO image.
static uint64_t find_symbol(unsigned char *image, size_t size, const char *name) {
  Elf64_Ehdr *header = (void *)image;
  Elf64_Phdr *segment = (void *)(image + header->e_phoff);
  Elf64_Dyn *dyn = NULL;
  for (int i = 0; i < header->e_phnum; i++)
    if (segment[i].p_type == PT_DYNAMIC) dyn = (void *)(image + segment[i].p_offset);
  if (!dyn) return 0;
  Elf64_Sym *symbols = NULL;
  char *strings = NULL;
  uint32_t *hash = NULL;
  for (; dyn->d_tag; dyn++) {
    if (dyn->d_tag == DT_SYMTAB) symbols = (void *)(image + dyn->d_un.d_ptr);
    if (dyn->d_tag == DT_STRTAB) strings = (char *)image + dyn->d_un.d_ptr;
    if (dyn->d_tag == DT_HASH) hash = (void *)(image + dyn->d_un.d_ptr);
  }
  if (!symbols || !strings) return 0;
  uint32_t count = hash ? hash[1] : 64;
  for (uint32_t i = 1; i < count; i++) {
    char *s = strings + symbols[i].st_name;
    if (s < strings || (unsigned char *)s >= image + size) break;
    if (!strcmp(s, name)) return symbols[i].st_value;
  }
  return 0;
}

// read_offset returns the number in the file, or the fallback if there is none.
static int64_t read_offset(const char *path, int64_t fallback) {
  char text[32] = {0};
  int fd = open(path, O_RDONLY);
  if (fd < 0) return fallback;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  return n > 0 ? atoll(text) : fallback;
}

static pid_t running;

// forward hands a request to end on to the program.
static void forward(int signal) { kill(running, signal); }

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: clockshift OFFSET-FILE COMMAND [ARGS...]\n");
    return 2;
  }
  pid_t child = fork();
  if (child < 0) { perror("fork"); return 1; }
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // whoever kills clockshift kills the program
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    execvp(argv[2], argv + 2);
    perror("exec");
    _exit(127);
  }
  int status;
  waitpid(child, &status, 0);
  if (!WIFSTOPPED(status)) return 1;

  static unsigned char image[8192];
  uint64_t base = vdso_base(child);
  struct iovec local = {image, sizeof image}, remote = {(void *)base, sizeof image};
  if (process_vm_readv(child, &local, 1, &remote, 1, 0) < 4096) {
    perror("read vdso");
    return 1;
  }
  uint64_t entry = find_symbol(image, sizeof image, "__vdso_clock_gettime");
  if (!entry) {
    fprintf(stderr, "clockshift: __vdso_clock_gettime not found\n");
    return 1;
  }

  unsigned char patch[CODE_LEN];
  int64_t offset = read_offset(argv[1], 0);
  memset(patch, 0x90, sizeof patch);
  memcpy(patch, code, sizeof code);
  memcpy(patch + OFFSET_AT, &offset, sizeof offset);

  char path[64];
  snprintf(path, sizeof path, "/proc/%d/mem", child);
  int mem = open(path, O_RDWR);
  if (pwrite(mem, patch, sizeof patch, base + entry) != sizeof patch) {
    perror("write vdso");
    return 1;
  }
  ptrace(PTRACE_DETACH, child, 0, 0);
  running = child;
  signal(SIGINT, forward);
  signal(SIGTERM, forward);

  for (;;) {
    if (waitpid(child, &status, WNOHANG) == child)
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    usleep(POLL_US);
    int64_t wanted = read_offset(argv[1], offset);
    if (wanted == offset) continue;
    offset = wanted;
    if (pwrite(mem, &offset, sizeof offset, base + entry + OFFSET_AT) != sizeof offset)
      perror("step clock");
  }
}
