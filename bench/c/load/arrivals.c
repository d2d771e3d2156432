#include "load.h"

#include <stdlib.h>

#include "latencies.h"

struct arrival {
  struct visitor visitor; /* first: a visitor is told apart by where it is */
  double since;
};

static unsigned long next_number;

static void arrive(struct arrival *arrival, struct script *script) {
  arrival->since = now();
  begin(&arrival->visitor, script, next_number++);
}

static void has_arrived(struct visitor *visitor) {
  struct arrival *arrival = (struct arrival *)visitor;
  if (is_counting) add_latency(now() - arrival->since);
  for (int i = 0; i < visitor->links_open; i++) close_link(visitor->links[i]);
  arrive(arrival, visitor->script);
}

void start_arrivals(struct script *script, int at_once) {
  for (int i = 0; i < at_once; i++) {
    struct arrival *arrival = calloc(1, sizeof *arrival);
    if (arrival == NULL) fail("out of memory");
    arrival->visitor.finished = has_arrived;
    arrive(arrival, script);
  }
}
