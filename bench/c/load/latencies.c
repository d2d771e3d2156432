#include "latencies.h"

/* The histogram's step, in microseconds, and how many it has; what is slower counts as the last. */
enum { STEP = 10, STEPS = 500000 };

static unsigned counts[STEPS];
static unsigned long total;

void add_latency(double seconds) {
  double step = seconds * 1e6 / STEP;
  counts[step < STEPS ? (int)step : STEPS - 1]++;
  total++;
}

unsigned long latency_count(void) {
  return total;
}

double latency_quantile(double share) {
  double left = total * share;
  int step = 0;
  while (step < STEPS - 1 && (left -= counts[step]) > 0) step++;
  return (step + 1.0) * STEP;
}
