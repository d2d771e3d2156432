/* Byte strings of a plan, some of them numbered: the word NUMBER in one stands for six digits that count from 000000 on, SPACED for
 * six places that count from 1 on, with blanks in front. */

#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

struct message {
  char *bytes;
  size_t size;
  /* Where the number is; NULL without one. */
  char *digits;
  bool is_spaced;
};

struct message message_of(char *bytes, size_t size);
/* The bytes with this number in them, until the next call for the same message. */
const char *numbered(struct message *message, unsigned long number);

#endif
