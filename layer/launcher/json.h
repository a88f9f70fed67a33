/*
 * A cursor that walks JSON in place. It allocates nothing and understands all of RFC 8259, with one leniency: control
 * characters inside strings are taken. A document is read by entering an object or array and asking for the next member
 * or element; every value must be read or skipped before the next is asked for. After an error `bad` is set and every
 * call returns false.
 */
#ifndef DOGSLED_JSON_H
#define DOGSLED_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
    const char *at;
    const char *end;
    bool bad;
    bool fresh; /* just behind an opening bracket: no comma expected */
};

struct json json_of(const void *text, size_t length);

/* Steps into '{' or '['; false, unmoved and not bad, if something else comes next. */
bool json_enter(struct json *json, char bracket);

/* Reads a key and its colon; false behind the closing bracket, or when bad. A key that is too long reads as "". */
bool json_next_member(struct json *json, char *key, size_t capacity);

/* True if an element follows; false behind the closing bracket, or when bad. */
bool json_next_element(struct json *json);

/*
 * Decodes a string into UTF-8 with a terminator. False with text "" if the value is no string or does not fit; the
 * value has been passed all the same.
 */
bool json_text(struct json *json, char *text, size_t capacity);

/* Reads a number, cut towards zero and to the range; false with 0 if the value is no number. */
bool json_integer(struct json *json, int64_t *value);

/* Passes one value of any kind, at most 128 levels deep. */
bool json_skip(struct json *json);

/* True if nothing was bad and only white space is left. */
bool json_finished(struct json *json);

/* Writes text as a JSON string with its quotes, cut to fit; returns the length. capacity is at least 3. */
size_t json_quote(char *out, size_t capacity, const char *text);

#endif
