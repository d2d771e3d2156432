#define _GNU_SOURCE
#include "script.h"

#include <stdlib.h>
#include <string.h>

void add_step(struct script *script, struct step step) {
  /* Whenever the size is a power of two, there is room for no more. */
  if ((script->size & (script->size - 1)) == 0) {
    script->steps = realloc(script->steps, (script->size == 0 ? 1 : 2 * script->size) * sizeof step);
    if (script->steps == NULL) fail("out of memory");
  }
  script->steps[script->size++] = step;
  if (step.kind == OPEN_STREAM || step.kind == OPEN_DATAGRAMS) script->links++;
}

static void go_on(struct visitor *visitor);

/* Takes what a step waits for from what has come, and says whether that was all of it. */
static bool is_done(struct step *step, unsigned long number, struct link *link) {
  const char *wanted = numbered(&step->message, number);
  size_t length = step->message.size;
  struct bytes *in = &link->in;
  if (step->kind == UNTIL) {
    const char *found = in->size == 0 ? NULL : memmem(in->at, in->size, wanted, length);
    if (found != NULL) drop(in, found - in->at + length);
    return found != NULL;
  }
  size_t compared = in->size < length ? in->size : length;
  if (compared > 0 && memcmp(in->at, wanted, compared) != 0) {
    fail("expected \"%.*s\", got \"%.*s\"", (int)length, wanted, (int)in->size, in->at);
  }
  if (compared < length) return false;
  drop(in, length);
  return true;
}

static void arrived(struct link *link) {
  struct visitor *visitor = link->owner;
  if (visitor->next_step == visitor->script->size || visitor->links[visitor->current] != link) return;
  go_on(visitor);
}

static void adopt(struct visitor *visitor, struct link *link) {
  link->owner = visitor;
  link->arrived = arrived;
  visitor->current = visitor->links_open++;
  visitor->links[visitor->current] = link;
}

/* Takes steps until one has to wait for bytes, or all are taken. */
static void go_on(struct visitor *visitor) {
  while (visitor->next_step < visitor->script->size) {
    struct step *step = &visitor->script->steps[visitor->next_step];
    switch (step->kind) {
      case OPEN_STREAM: adopt(visitor, open_stream()); break;
      case OPEN_DATAGRAMS: adopt(visitor, open_datagrams(step->number)); break;
      case ON: visitor->current = step->number; break;
      case SEND: {
        const char *bytes = numbered(&step->message, visitor->number);
        send_bytes(visitor->links[visitor->current], bytes, step->message.size);
        break;
      }
      case EXPECT:
      case UNTIL:
        if (is_done(step, visitor->number, visitor->links[visitor->current])) break;
        return;
    }
    visitor->next_step++;
  }
  visitor->finished(visitor);
}

void begin(struct visitor *visitor, struct script *script, unsigned long number) {
  if (visitor->links == NULL) visitor->links = calloc(script->links, sizeof(struct link *));
  if (visitor->links == NULL) fail("out of memory");
  visitor->script = script;
  visitor->number = number;
  visitor->next_step = visitor->links_open = visitor->current = 0;
  go_on(visitor);
}
