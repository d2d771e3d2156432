#define _GNU_SOURCE
#include "load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "latencies.h"

bool is_counting;

struct receiver {
  struct exchange *exchange;
  unsigned long count;
};

static void send_message(struct link *link, struct message *message, unsigned long number) {
  send_bytes(link, numbered(message, number), message->size);
}

/* Several at once go out in one write, as far as they are the same. */
static void send_several(struct link *link, struct message *message, unsigned long first, unsigned long count) {
  if (message->size == 0) return;
  if (count == 1 || message->digits != NULL || link->is_datagram) {
    for (unsigned long i = 0; i < count; i++) send_message(link, message, first + i);
    return;
  }
  static struct bytes joined;
  joined.size = 0;
  for (unsigned long i = 0; i < count; i++) append(&joined, message->bytes, message->size);
  send_bytes(link, joined.at, joined.size);
}

static bool begins_with(struct link *link, size_t offset, const char *bytes, size_t size) {
  return link->in.size - offset >= size && memcmp(link->in.at + offset, bytes, size) == 0;
}

/* Takes messages of which only the end is known, with all that is before it, and says how many there were. */
static unsigned long take_by_end(struct link *link, struct message *message) {
  unsigned long count = 0;
  const char *found;
  while (link->in.size > 0 && (found = memmem(link->in.at, link->in.size, message->bytes, message->size)) != NULL) {
    drop(&link->in, found - link->in.at + message->size);
    count++;
  }
  return count;
}

/* Takes messages from the front of what has come, answers what the server says besides, and says how many there were. */
static unsigned long take_messages(struct link *link, struct exchange *exchange, struct message *message,
                                   unsigned long first) {
  if (exchange->is_by_end) return take_by_end(link, message);
  unsigned long count = 0;
  size_t offset = 0;
  while (offset < link->in.size) {
    if (begins_with(link, offset, numbered(message, first + count), message->size)) {
      offset += message->size;
      count++;
    } else if (exchange->said.size > 0 && begins_with(link, offset, exchange->said.bytes, exchange->said.size)) {
      offset += exchange->said.size;
      send_message(link, &exchange->reply, 0);
    } else if (link->is_datagram) {
      break;
    } else {
      size_t left = link->in.size - offset;
      bool may_be_said = exchange->said.size > left && memcmp(link->in.at + offset, exchange->said.bytes, left) == 0;
      if (!may_be_said && (left >= message->size || memcmp(link->in.at + offset, message->bytes, left) != 0)) {
        fail("the server said something else: \"%.*s\"", (int)left, link->in.at + offset);
      }
      break;
    }
  }
  drop(&link->in, offset);
  return count;
}

static void was_delivered(struct link *link) {
  struct receiver *receiver = link->owner;
  struct exchange *exchange = receiver->exchange;
  unsigned long count = take_messages(link, exchange, &exchange->delivered, receiver->count);
  send_several(link, &exchange->answer, receiver->count, count);
  receiver->count += count;
}

static void was_confirmed(struct link *link) {
  struct exchange *exchange = link->owner;
  if (exchange->every > 0) return drop(&link->in, link->in.size);
  unsigned long count = take_messages(link, exchange, &exchange->confirmed, exchange->confirmed_count);
  if (count == 0) return;
  double time = now();
  for (unsigned long i = 0; i < count; i++) {
    double *sent = &exchange->sent_at[(exchange->confirmed_count + i) % exchange->in_flight];
    if (is_counting) add_latency(time - *sent);
    *sent = time;
  }
  send_several(link, &exchange->request, exchange->confirmed_count + exchange->in_flight, count);
  exchange->confirmed_count += count;
}

static void hear(struct link *link, void *owner, void (*arrived)(struct link *)) {
  link->owner = owner;
  link->arrived = arrived;
  /* What came before the exchange began is nobody's. */
  drop(&link->in, link->in.size);
}

void start_exchange(struct exchange *exchange, struct link **links) {
  exchange->to = links[exchange->sender];
  for (int i = 0; i < exchange->receiver_count; i++) {
    struct receiver *receiver = calloc(1, sizeof *receiver);
    if (receiver == NULL) fail("out of memory");
    receiver->exchange = exchange;
    hear(links[exchange->receivers[i]], receiver, was_delivered);
  }
  hear(exchange->to, exchange, was_confirmed);
  if (exchange->every > 0) return;
  exchange->sent_at = calloc(exchange->in_flight, sizeof(double));
  if (exchange->sent_at == NULL) fail("out of memory");
  double time = now();
  for (int i = 0; i < exchange->in_flight; i++) exchange->sent_at[i] = time;
  send_several(exchange->to, &exchange->request, 0, exchange->in_flight);
}

double send_due(struct exchange *exchanges, int count, double time) {
  double next = INFINITY;
  for (int i = 0; i < count; i++) {
    struct exchange *exchange = &exchanges[i];
    if (exchange->every == 0) continue;
    if (exchange->due <= time) {
      /* A server that takes no more is not sent more. */
      if (exchange->to->out.size == 0) send_message(exchange->to, &exchange->request, 0);
      exchange->due = time + exchange->every;
    }
    if (exchange->due < next) next = exchange->due;
  }
  return next;
}
