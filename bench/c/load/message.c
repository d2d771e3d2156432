#define _GNU_SOURCE
#include "message.h"

#include <stdio.h>
#include <string.h>

enum { DIGITS = 6, NUMBERS = 1000000 };

struct message message_of(char *bytes, size_t size) {
  struct message message = {.bytes = bytes, .size = size, .digits = memmem(bytes, size, "NUMBER", DIGITS)};
  if (message.digits == NULL) {
    message.digits = memmem(bytes, size, "SPACED", DIGITS);
    message.is_spaced = message.digits != NULL;
  }
  return message;
}

const char *numbered(struct message *message, unsigned long number) {
  if (message->digits != NULL) {
    char text[DIGITS + 1];
    if (message->is_spaced) snprintf(text, sizeof text, "%6lu", (number + 1) % NUMBERS);
    else snprintf(text, sizeof text, "%06lu", number % NUMBERS);
    memcpy(message->digits, text, DIGITS);
  }
  return message->bytes;
}
