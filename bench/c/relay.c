/* A byte relay over epoll: joins two connections that name the same key, and copies bytes across. It does nothing else,
 * in one thread, so that nothing that passes messages on over sockets costs much less. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { KEY_LENGTH = 7, EVENTS = 256, READ_SIZE = 64 * 1024 };

/* What a connection has not taken yet; while there is any, its partner is not read. */
struct pending {
  char *bytes;
  size_t start, end;
};

struct connection {
  int fd;
  char key[KEY_LENGTH];
  size_t key_size;
  struct connection *partner;
  struct connection *next_waiting;
  struct pending pending;
};

static int poller;
static struct connection *waiting;
static char buffer[READ_SIZE];

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void watch(struct connection *c, int operation, unsigned events) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  if (epoll_ctl(poller, operation, c->fd, &event) != 0) die("epoll_ctl");
}

/* Both ends are closed; what they were is kept, because events of this turn may still name them. */
static void break_off(struct connection *c) {
  if (c->fd < 0) return;
  close(c->fd);
  c->fd = -1;
  for (struct connection **at = &waiting; *at != NULL; at = &(*at)->next_waiting) {
    if (*at != c) continue;
    *at = c->next_waiting;
    break;
  }
  if (c->partner != NULL) break_off(c->partner);
}

static void keep(struct connection *to, const char *bytes, size_t size) {
  to->pending.bytes = malloc(size);
  if (to->pending.bytes == NULL) die("malloc");
  memcpy(to->pending.bytes, bytes, size);
  to->pending.start = 0;
  to->pending.end = size;
  watch(to, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
  watch(to->partner, EPOLL_CTL_MOD, 0);
}

static void pass_on(struct connection *to, const char *bytes, size_t size) {
  ssize_t count = write(to->fd, bytes, size);
  if (count < 0 && errno != EAGAIN) return break_off(to);
  if (count < 0) count = 0;
  if ((size_t)count < size) keep(to, bytes + count, size - count);
}

static void flush(struct connection *c) {
  struct pending *left = &c->pending;
  ssize_t count = write(c->fd, left->bytes + left->start, left->end - left->start);
  if (count < 0) {
    if (errno != EAGAIN) break_off(c);
    return;
  }
  left->start += count;
  if (left->start < left->end) return;
  free(left->bytes);
  left->bytes = NULL;
  watch(c, EPOLL_CTL_MOD, EPOLLIN);
  watch(c->partner, EPOLL_CTL_MOD, EPOLLIN);
}

static void join(struct connection *c) {
  for (struct connection **at = &waiting; *at != NULL; at = &(*at)->next_waiting) {
    struct connection *partner = *at;
    if (memcmp(partner->key, c->key, KEY_LENGTH) != 0) continue;
    *at = partner->next_waiting;
    c->partner = partner;
    partner->partner = c;
    pass_on(c, "+", 1);
    pass_on(partner, "+", 1);
    return;
  }
  c->next_waiting = waiting;
  waiting = c;
}

static void read_key(struct connection *c) {
  ssize_t count = read(c->fd, c->key + c->key_size, KEY_LENGTH - c->key_size);
  if (count <= 0) return break_off(c);
  c->key_size += count;
  if (c->key_size == KEY_LENGTH) join(c);
}

static void copy(struct connection *c) {
  ssize_t count = read(c->fd, buffer, READ_SIZE);
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0 || c->partner == NULL) return break_off(c);
  pass_on(c->partner, buffer, count);
}

static void accept_one(int listener) {
  int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
  if (fd < 0) return;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
  struct connection *c = calloc(1, sizeof *c);
  if (c == NULL) die("calloc");
  c->fd = fd;
  watch(c, EPOLL_CTL_ADD, EPOLLIN);
}

static int listen_anywhere(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 4096) != 0 ||
      getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
    die("listen");
  }
  printf("bytes 127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  poller = epoll_create1(0);
  struct connection listener = {.fd = listen_anywhere()};
  watch(&listener, EPOLL_CTL_ADD, EPOLLIN);
  for (;;) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(poller, events, EVENTS, -1);
    for (int i = 0; i < count; i++) {
      struct connection *c = events[i].data.ptr;
      if (c == &listener) accept_one(listener.fd);
      else if (c->fd >= 0 && c->pending.bytes != NULL) flush(c);
      else if (c->fd >= 0 && c->key_size < KEY_LENGTH) read_key(c);
      else if (c->fd >= 0) copy(c);
    }
  }
}
