#define _GNU_SOURCE
#include "link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 256, READ_SIZE = 64 * 1024 };

static int poller;
static struct sockaddr_in server = {.sin_family = AF_INET};
static char buffer[READ_SIZE];
/* A link that was closed may be named by an event of the same turn: it is freed after that. */
static struct link **closed;
static size_t closed_count, closed_capacity;

_Noreturn void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(1);
}

double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void *larger(void *memory, size_t size) {
  memory = realloc(memory, size);
  if (memory == NULL) fail("out of memory");
  return memory;
}

void append(struct bytes *bytes, const char *more, size_t size) {
  if (bytes->size + size > bytes->capacity) {
    bytes->capacity = 2 * (bytes->size + size);
    bytes->at = larger(bytes->at, bytes->capacity);
  }
  memcpy(bytes->at + bytes->size, more, size);
  bytes->size += size;
}

void drop(struct bytes *bytes, size_t size) {
  bytes->size -= size;
  memmove(bytes->at, bytes->at + size, bytes->size);
}

void open_loop(int server_port) {
  poller = epoll_create1(0);
  server.sin_port = htons(server_port);
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

static void watch(struct link *link, int operation, unsigned events) {
  struct epoll_event event = {.events = events, .data.ptr = link};
  if (epoll_ctl(poller, operation, link->fd, &event) != 0) fail("epoll_ctl: %s", strerror(errno));
}

static struct link *open_socket(int type, int own_port) {
  struct link *link = calloc(1, sizeof *link);
  if (link == NULL) fail("out of memory");
  link->is_datagram = type == SOCK_DGRAM;
  link->fd = socket(AF_INET, type, 0);
  if (link->fd < 0) fail("socket: %s", strerror(errno));
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(own_port)};
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (own_port != 0 && bind(link->fd, (struct sockaddr *)&own, sizeof own) != 0) fail("bind: %s", strerror(errno));
  /* The system connects on this machine at once, whether or not the server has accepted. */
  if (connect(link->fd, (struct sockaddr *)&server, sizeof server) != 0) fail("connect: %s", strerror(errno));
  watch(link, EPOLL_CTL_ADD, EPOLLIN);
  return link;
}

struct link *open_stream(void) {
  struct link *link = open_socket(SOCK_STREAM, 0);
  setsockopt(link->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
  return link;
}

struct link *open_datagrams(int own_port) {
  return open_socket(SOCK_DGRAM, own_port);
}

void close_link(struct link *link) {
  close(link->fd);
  link->fd = -1;
  if (closed_count == closed_capacity) {
    closed_capacity = 2 * closed_capacity + 64;
    closed = larger(closed, closed_capacity * sizeof *closed);
  }
  closed[closed_count++] = link;
}

static void free_closed(void) {
  while (closed_count > 0) {
    struct link *link = closed[--closed_count];
    free(link->in.at);
    free(link->out.at);
    free(link);
  }
}

static size_t try_to_send(struct link *link, const char *bytes, size_t size) {
  ssize_t count = send(link->fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count < 0 && errno != EAGAIN) fail("the server closed a connection: %s", strerror(errno));
  return count < 0 ? 0 : count;
}

void send_bytes(struct link *link, const char *bytes, size_t size) {
  if (size == 0) return;
  if (link->out.size > 0) return append(&link->out, bytes, size);
  size_t count = try_to_send(link, bytes, size);
  if (count == size) return;
  append(&link->out, bytes + count, size - count);
  watch(link, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
}

static void send_rest(struct link *link) {
  drop(&link->out, try_to_send(link, link->out.at, link->out.size));
  if (link->out.size == 0) watch(link, EPOLL_CTL_MOD, EPOLLIN);
}

static void read_some(struct link *link) {
  ssize_t count = recv(link->fd, buffer, READ_SIZE, MSG_DONTWAIT);
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0) fail("the server closed a connection%s%s", count < 0 ? ": " : "", count < 0 ? strerror(errno) : "");
  append(&link->in, buffer, count);
  link->arrived(link);
  if (link->is_datagram) link->in.size = 0;
}

void stall(struct link *link) {
  if (epoll_ctl(poller, EPOLL_CTL_DEL, link->fd, NULL) != 0) fail("epoll_ctl: %s", strerror(errno));
}

void take_turn(double at_most) {
  struct epoll_event events[EVENTS];
  int count = epoll_wait(poller, events, EVENTS, at_most < 0 ? 0 : (int)ceil(at_most * 1000));
  for (int i = 0; i < count; i++) {
    struct link *link = events[i].data.ptr;
    if (link->fd >= 0 && events[i].events & EPOLLOUT) send_rest(link);
    if (link->fd >= 0 && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_some(link);
  }
  free_closed();
}
