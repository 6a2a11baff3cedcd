/* Preloaded into a program, fills the disk under its store: once EARSHOT_DISK_LEFT bytes were
 * written to it, it fails with the error EARSHOT_DISK_ERROR. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The program writes to nothing else than its store by this call. */
ssize_t pwrite64(int file, const void* data, size_t size, off64_t offset) {
  static atomic_long written;
  const long left = strtol(getenv("EARSHOT_DISK_LEFT"), NULL, 10);
  if (atomic_fetch_add(&written, (long)size) + (long)size > left) {
    errno = (int)strtol(getenv("EARSHOT_DISK_ERROR"), NULL, 10);
    return -1;
  }
  return syscall(SYS_pwrite64, file, data, size, offset);
}
