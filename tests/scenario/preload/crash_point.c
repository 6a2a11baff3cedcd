/* Preloaded into the program, kills it, or sends it another signal, at one of the points where a
 * crash could cost something. The program itself knows nothing of it.
 *
 *   EARSHOT_CRASH_POINTS  the kinds that count, letters of the list below
 *   EARSHOT_CRASH_AT      the number of the point to be killed at, from 1; 0 lets it live
 *   EARSHOT_CRASH_SIGNAL  what is sent there; unless that kills, the program goes on once it took
 * it EARSHOT_CRASH_LOG     a file that gets the letter of each point passed, the last one included
 *
 *   f  after fetch: a piece of an answer was read, and nothing of it is stored
 *   w  before write: a transaction's first frame is about to enter the store's log
 *   c  before cursor: all frames of a transaction are in the log but for the page of the last one,
 *      without which neither its records nor its cursors count
 *   d  after commit: a transaction is on the disk, and the program has not been told
 *   p  before a page enters a file of the store, and before any sync of one
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FRAME_HEADER = 24, PATH_SIZE = 4096 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long passed;
/* Of the store's log, which one thread writes. */
static bool in_transaction;
static bool at_last_frame;

static void note(char point) {
  const int log =
      open(getenv("EARSHOT_CRASH_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0 || write(log, &point, 1) != 1) abort();
  close(log);
}

static void send_signal(int number) {
  sigset_t pending;
  kill(getpid(), number);
  do {
    sched_yield();
    sigpending(&pending);
  } while (sigismember(&pending, number));
}

static void pass(char point) {
  if (strchr(getenv("EARSHOT_CRASH_POINTS"), point) == NULL) return;
  pthread_mutex_lock(&mutex);
  note(point);
  if (++passed == strtol(getenv("EARSHOT_CRASH_AT"), NULL, 10)) {
    send_signal((int)strtol(getenv("EARSHOT_CRASH_SIGNAL"), NULL, 10));
  }
  pthread_mutex_unlock(&mutex);
}

/* What the file's path has behind "earshot.db", "" for the database itself; NULL for other files.
 */
static const char* part_of_store(int file) {
  static _Thread_local char path[PATH_SIZE];
  char link[32];
  snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof(path) - 1);
  if (length < 0) return NULL;
  path[length] = '\0';
  const char* name = strstr(path, "/earshot.db");
  return name == NULL ? NULL : name + strlen("/earshot.db");
}

static bool is_log(const char* part) {
  return part != NULL && strcmp(part, "-wal") == 0;
}

/* The second number of a frame's header is the size of the database behind a transaction's last
 * frame, 0 in all others. */
static bool ends_transaction(const unsigned char* header) {
  return (header[4] | header[5] | header[6] | header[7]) != 0;
}

static void before_log_write(const void* data, size_t size) {
  if (size == FRAME_HEADER) {
    if (!in_transaction) pass('w');
    in_transaction = true;
    at_last_frame = ends_transaction(data);
  } else if (at_last_frame) {
    pass('c');
  }
}

ssize_t pwrite64(int file, const void* data, size_t size, off64_t offset) {
  const char* part = part_of_store(file);
  if (part != NULL && size > FRAME_HEADER) pass('p');
  if (is_log(part)) before_log_write(data, size);
  return syscall(SYS_pwrite64, file, data, size, offset);
}

int fdatasync(int file) {
  const char* part = part_of_store(file);
  if (part != NULL) pass('p');
  const int result = (int)syscall(SYS_fdatasync, file);
  if (is_log(part) && at_last_frame) {
    in_transaction = at_last_frame = false;
    pass('d');
  }
  return result;
}

ssize_t recv(int socket, void* data, size_t size, int flags) {
  const ssize_t got = syscall(SYS_recvfrom, socket, data, size, flags, NULL, NULL);
  if (got > 0) pass('f');
  return got;
}
