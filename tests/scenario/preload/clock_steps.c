/* Preloaded into a program, lets its calendar step back and forth: every second look at it is
 * EARSHOT_CLOCK_STEP seconds ahead, every other one as much behind. Monotonic time goes on. */
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec* time) {
  static atomic_uint looks;
  const int result = (int)syscall(SYS_clock_gettime, clock, time);
  if (result != 0 || clock != CLOCK_REALTIME) return result;
  const long step = strtol(getenv("EARSHOT_CLOCK_STEP"), NULL, 10);
  time->tv_sec += atomic_fetch_add(&looks, 1) % 2 == 0 ? step : -step;
  return 0;
}
