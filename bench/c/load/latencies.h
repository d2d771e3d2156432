/* How long messages took, without keeping each. */

#ifndef LATENCIES_H
#define LATENCIES_H

/* A message was confirmed after so many seconds. */
void add_latency(double seconds);
/* How many were. */
unsigned long latency_count(void);
/* This share of them took no longer than so many microseconds. */
double latency_quantile(double share);

#endif
