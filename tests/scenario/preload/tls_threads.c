/* Preloaded into a program, writes a line to EARSHOT_TLS_LOG for each call into TLS: what is
 * called, and the name of the thread that calls it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ssl_st;

static void tell(const char* call) {
  char thread[16] = "";
  char line[64];
  pthread_getname_np(pthread_self(), thread, sizeof thread);
  const int size = snprintf(line, sizeof line, "%s %s\n", call, thread);
  const int log = open(getenv("EARSHOT_TLS_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0 || write(log, line, (size_t)size) != size) abort();
  close(log);
}

/* What is called instead of this library's function of that name. */
#define REAL(name, result, ...)                \
  result (*real)(__VA_ARGS__) = NULL;          \
  void* const found = dlsym(RTLD_NEXT, #name); \
  memcpy((void*)&real, (const void*)&found, sizeof real)

int SSL_connect(struct ssl_st* tls) {
  REAL(SSL_connect, int, struct ssl_st*);
  tell("connect");
  return real(tls);
}

int SSL_read(struct ssl_st* tls, void* data, int size) {
  REAL(SSL_read, int, struct ssl_st*, void*, int);
  tell("read");
  return real(tls, data, size);
}

int SSL_write(struct ssl_st* tls, const void* data, int size) {
  REAL(SSL_write, int, struct ssl_st*, const void*, int);
  tell("write");
  return real(tls, data, size);
}
