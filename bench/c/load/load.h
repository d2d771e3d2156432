/* The ways in which a server is put under load. */

#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>

#include "link.h"
#include "script.h"

/* Connections that exchange confirmed messages: one sends, the others get each message and may answer it. */
struct exchange {
  /* Links, by their place in the order in which they were opened. */
  int sender, *receivers, receiver_count;
  int in_flight;
  /* What the sender writes, what then arrives at a receiver, what that answers, and what arrives at the sender then. */
  struct message request, delivered, answer, confirmed;
  /* Whether of what was delivered and confirmed only the end is known. */
  bool is_by_end;
  /* What the server may say in between, and what it wants to hear. */
  struct message said, reply;
  /* Where it is not 0, a message is sent every so many seconds, whether or not those before it were confirmed, and nothing is counted. */
  double every, due;
  struct link *to;
  /* When each message in flight was sent; the oldest, and how many there were before it. */
  double *sent_at;
  unsigned long confirmed_count;
};

/* Whether messages that are confirmed now count. */
extern bool is_counting;

void start_exchange(struct exchange *exchange, struct link **links);
/* Sends what is due by time, and says when the next one is. */
double send_due(struct exchange *exchanges, int count, double time);

/* Has so many visitors at once follow a script and leave, again and again. */
void start_arrivals(struct script *script, int at_once);

#endif
