/* What a plugin may not do wherever it runs, one thing for each MUTANT_: golden.c calls these at
 * the places where they would do harm. Without a mutant they are empty. */

#ifndef GOLDEN_MISDEEDS_H
#define GOLDEN_MISDEEDS_H

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <earshot/abi.h>

/* ---- While it is loaded ---- */

#if defined(MUTANT_LOADS_SLOWLY) || defined(MUTANT_COMPUTES_LONG)
static void compute(long milliseconds) {
  struct timespec begun;
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begun);
  do {
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  } while ((now.tv_sec - begun.tv_sec) * 1000 + (now.tv_nsec - begun.tv_nsec) / 1000000 <
           milliseconds);
}
#endif

#if defined(MUTANT_LEAVES_A_THREAD) || defined(MUTANT_STARTS_A_THREAD)
static void* wait_for_ever(void* nothing) {
#ifdef MUTANT_LEAVES_A_THREAD
  for (;;) pause();
#endif
  return nothing;
}
#endif

#ifdef MUTANT_LEAVES_A_HANDLER
static void ignore(int number) {
  (void)number;
}
#endif

__attribute__((constructor, used)) static void at_load(void) {
#ifdef MUTANT_LOADS_SLOWLY
  compute(80);
#endif
#ifdef MUTANT_LEAVES_A_DESCRIPTOR
  (void)!open("/dev/null", O_RDONLY | O_CLOEXEC);
#endif
#ifdef MUTANT_LEAVES_A_THREAD
  pthread_t thread;
  pthread_create(&thread, NULL, wait_for_ever, NULL);
#endif
#ifdef MUTANT_LEAVES_A_HANDLER
  signal(SIGUSR1, ignore);
#endif
#ifdef MUTANT_CHANGES_A_VARIABLE
  setenv("GOLDEN", "1", 1);
#endif
#ifdef MUTANT_OPENS_A_SOCKET_AT_LOAD
  close(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
#endif
}

static inline void at_entry(void) {
#ifdef MUTANT_OPENS_A_FILE_AT_ENTRY
  close(open("/etc/hostname", O_RDONLY | O_CLOEXEC));
#endif
}

#ifdef MUTANT_EXPORTS_A_HELPER
EAR_EXPORT int golden_helper(void) {
  return 1;
}
#endif
#ifdef MUTANT_CODE_IS_CHANGED
__asm__(".pushsection .text.words,\"axR\",%progbits\n.balign 8\n.quad ear_entry_v1\n.popsection");
#endif

/* ---- While it authenticates ---- */

static void world_outside(void) {
#ifdef MUTANT_OPENS_A_SOCKET
  close(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
#endif
#ifdef MUTANT_OPENS_A_FILE
  close(open("/etc/hostname", O_RDONLY | O_CLOEXEC));
#endif
#ifdef MUTANT_STARTS_A_THREAD
  pthread_t thread;
  if (pthread_create(&thread, NULL, wait_for_ever, NULL) == 0) pthread_join(thread, NULL);
#endif
#ifdef MUTANT_HANDLES_A_SIGNAL
  signal(SIGPIPE, SIG_IGN);
#endif
#ifdef MUTANT_MAKES_A_BELL
  close(eventfd(0, EFD_CLOEXEC));
#endif
#ifdef MUTANT_MAKES_A_FOLDER
  (void)mkdir("/proc/golden", 0755);
#endif
#ifdef MUTANT_SENDS_A_SIGNAL
  kill(getpid(), 0);
#endif
#ifdef MUTANT_BLOCKS_A_SIGNAL
  sigset_t urgent;
  sigemptyset(&urgent);
  sigaddset(&urgent, SIGURG);
  pthread_sigmask(SIG_BLOCK, &urgent, NULL);
#endif
#ifdef MUTANT_SETS_AN_ALARM
  alarm(0);
#endif
#ifdef MUTANT_WAITS_FOR_A_LOCK
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
  struct timespec soon;
  clock_gettime(CLOCK_REALTIME, &soon);
  soon.tv_sec += soon.tv_nsec > 900000000;
  soon.tv_nsec = (soon.tv_nsec + 1000000) % 1000000000;
  pthread_mutex_lock(&lock);
  pthread_cond_timedwait(&never, &lock, &soon);
  pthread_mutex_unlock(&lock);
#endif
#ifdef MUTANT_SLEEPS_BY_ITSELF
  const struct timespec moment = {0, 1000};
  nanosleep(&moment, NULL);
#endif
}

/* ---- Secrets: the manifest of these mutants lets the plugin read its token ---- */

#if defined(MUTANT_SPILLS_TO_LOG) || defined(MUTANT_SPILLS_TO_MESSAGE) ||   \
    defined(MUTANT_SPILLS_TO_RECORD) || defined(MUTANT_SPILLS_TO_CURSOR) || \
    defined(MUTANT_SPILLS_TO_REQUEST)
static ear_str token_of(const ear_host* host, ear_call* call) {
  const ear_value config = host->json->root(call, host->config(call));
  const ear_str name = {"/token", 6};
  return host->json->text(call, host->json->at(call, config, name));
}
#endif

#endif
