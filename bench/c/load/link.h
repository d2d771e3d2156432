/* Connections of the load generator to the server under load, on one event loop. */

#ifndef LINK_H
#define LINK_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes that wait for something. */
struct bytes {
  char *at;
  size_t size, capacity;
};

void append(struct bytes *bytes, const char *more, size_t size);
void drop(struct bytes *bytes, size_t size);

struct link {
  int fd;
  bool is_datagram;
  /* What has come and nobody wanted yet, and what the system has not taken yet. */
  struct bytes in, out;
  /* Something has come: takes what it wants from the front of `in`. What it leaves of a datagram is dropped. */
  void (*arrived)(struct link *link);
  void *owner;
};

/* Ends the program: the server did what it must not, or the system refused something. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

double now(void); /* in seconds */

void open_loop(int server_port);
struct link *open_stream(void);
struct link *open_datagrams(int own_port);
void close_link(struct link *link);
void send_bytes(struct link *link, const char *bytes, size_t size);
/* Nothing more is read from it. */
void stall(struct link *link);
/* Waits for the next events, so many seconds at most, and hands out what came. */
void take_turn(double at_most);

#endif
