#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 128, LONGEST_NUMBER = 64 };

struct json json_of(const void *text, size_t length)
{
    const char *at = length == 0 ? "" : text;
    return (struct json){.at = at, .end = at + length, .bad = false, .fresh = false};
}

static bool fail(struct json *json)
{
    json->bad = true;
    json->at = json->end;
    return false;
}

static void skip_blanks(struct json *json)
{
    while (json->at < json->end && memchr(" \t\r\n", *json->at, 4) != NULL) {
        json->at++;
    }
}

/* The next character that is not blank, or 0 at the end. */
static char peek(struct json *json)
{
    skip_blanks(json);
    return json->at < json->end ? *json->at : '\0';
}

static bool take(struct json *json, char wanted)
{
    if (json->bad || peek(json) != wanted || json->at == json->end) {
        return false;
    }
    json->at++;
    return true;
}

bool json_enter(struct json *json, char bracket)
{
    json->fresh = take(json, bracket);
    return json->fresh;
}

/* Behind the bracket or the comma where the next entry starts; false at the end of the collection. */
static bool next_entry(struct json *json, char closing)
{
    bool first = json->fresh;
    json->fresh = false;
    if (json->bad || take(json, closing)) {
        return false;
    }
    if (!first && !take(json, ',')) {
        return fail(json);
    }
    return true;
}

bool json_next_member(struct json *json, char *key, size_t capacity)
{
    if (!next_entry(json, '}')) {
        return false;
    }
    if (peek(json) != '"') {
        return fail(json);
    }
    (void)json_text(json, key, capacity);
    return !json->bad && (take(json, ':') || fail(json));
}

bool json_next_element(struct json *json)
{
    return next_entry(json, ']');
}

/* Text that is being decoded; once something did not fit, nothing more is written. */
struct sink {
    char *text;
    size_t capacity;
    size_t length;
    bool cut;
};

static void sink_put(struct sink *sink, unsigned char byte)
{
    if (sink->length + 1 >= sink->capacity) {
        sink->cut = true;
    } else {
        sink->text[sink->length++] = (char)byte;
    }
}

static void sink_put_utf8(struct sink *sink, unsigned code)
{
    if (code < 0x80) {
        sink_put(sink, (unsigned char)code);
    } else if (code < 0x800) {
        sink_put(sink, (unsigned char)(0xC0 | code >> 6));
        sink_put(sink, (unsigned char)(0x80 | (code & 0x3F)));
    } else if (code < 0x10000) {
        sink_put(sink, (unsigned char)(0xE0 | code >> 12));
        sink_put(sink, (unsigned char)(0x80 | (code >> 6 & 0x3F)));
        sink_put(sink, (unsigned char)(0x80 | (code & 0x3F)));
    } else {
        sink_put(sink, (unsigned char)(0xF0 | code >> 18));
        sink_put(sink, (unsigned char)(0x80 | (code >> 12 & 0x3F)));
        sink_put(sink, (unsigned char)(0x80 | (code >> 6 & 0x3F)));
        sink_put(sink, (unsigned char)(0x80 | (code & 0x3F)));
    }
}

static bool take_hex4(struct json *json, unsigned *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *digit = json->at < json->end ? memchr(digits, *json->at, 32) : NULL;
        if (digit == NULL) {
            return fail(json);
        }
        *code = *code << 4 | (unsigned)((digit - digits) & 15);
        json->at++;
    }
    return true;
}

/* Behind "\u"; a lone half of a surrogate pair becomes U+FFFD. */
static bool take_unicode(struct json *json, struct sink *sink)
{
    unsigned code;
    if (!take_hex4(json, &code)) {
        return false;
    }
    if (code >= 0xD800 && code < 0xDC00 && json->end - json->at >= 6 && memcmp(json->at, "\\u", 2) == 0) {
        const char *back = json->at;
        unsigned low;
        json->at += 2;
        if (!take_hex4(json, &low)) {
            return false;
        }
        if (low >= 0xDC00 && low < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        } else {
            json->at = back;
        }
    }
    sink_put_utf8(sink, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
    return true;
}

/* Behind the backslash. */
static bool take_escape(struct json *json, struct sink *sink)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    if (json->at == json->end) {
        return fail(json);
    }
    char name = *json->at++;
    if (name == 'u') {
        return take_unicode(json, sink);
    }
    const char *known = memchr(names, name, sizeof names - 1);
    if (known == NULL) {
        return fail(json);
    }
    sink_put(sink, (unsigned char)values[known - names]);
    return true;
}

static bool take_string(struct json *json, struct sink *sink)
{
    if (!take(json, '"')) {
        return fail(json);
    }
    while (json->at < json->end) {
        char byte = *json->at++;
        if (byte == '"') {
            return true;
        }
        if (byte != '\\') {
            sink_put(sink, (unsigned char)byte);
        } else if (!take_escape(json, sink)) {
            return false;
        }
    }
    return fail(json);
}

bool json_text(struct json *json, char *text, size_t capacity)
{
    struct sink sink = {.text = text, .capacity = capacity};
    text[0] = '\0';
    if (json->bad || peek(json) != '"') {
        (void)json_skip(json);
        return false;
    }
    bool whole = take_string(json, &sink) && !sink.cut;
    text[whole ? sink.length : 0] = '\0';
    return whole;
}

static size_t take_digits(struct json *json)
{
    const char *from = json->at;
    while (json->at < json->end && *json->at >= '0' && *json->at <= '9') {
        json->at++;
    }
    return (size_t)(json->at - from);
}

static bool at_any(const struct json *json, const char *characters)
{
    return json->at < json->end && *json->at != '\0' && strchr(characters, *json->at) != NULL;
}

static bool take_number(struct json *json)
{
    if (at_any(json, "-")) {
        json->at++;
    }
    bool zero = at_any(json, "0");
    size_t whole = take_digits(json);
    if (whole == 0 || (zero && whole > 1)) {
        return fail(json);
    }
    if (at_any(json, ".")) {
        json->at++;
        if (take_digits(json) == 0) {
            return fail(json);
        }
    }
    if (at_any(json, "eE")) {
        json->at++;
        if (at_any(json, "+-")) {
            json->at++;
        }
        return take_digits(json) > 0 || fail(json);
    }
    return true;
}

bool json_integer(struct json *json, int64_t *value)
{
    char digits[LONGEST_NUMBER];
    *value = 0;
    char first = json->bad ? '\0' : peek(json);
    if (first != '-' && (first < '0' || first > '9')) {
        (void)json_skip(json);
        return false;
    }
    const char *from = json->at;
    if (!take_number(json) || (size_t)(json->at - from) >= sizeof digits) {
        return false;
    }
    memcpy(digits, from, (size_t)(json->at - from));
    digits[json->at - from] = '\0';
    double number = strtod(digits, NULL); /* exact up to 2^53, which is the year 287396 in milliseconds */
    *value = number >= 9e18 ? INT64_MAX : number <= -9e18 ? INT64_MIN : (int64_t)number;
    return true;
}

static bool take_word(struct json *json, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(json->end - json->at) < length || memcmp(json->at, word, length) != 0) {
        return fail(json);
    }
    json->at += length;
    return true;
}

static bool skip_value(struct json *json, int levels);

static bool skip_collection(struct json *json, int levels)
{
    char key[1];
    if (levels == 0) {
        return fail(json);
    }
    if (json_enter(json, '{')) {
        while (json_next_member(json, key, sizeof key)) {
            (void)skip_value(json, levels - 1);
        }
    } else if (json_enter(json, '[')) {
        while (json_next_element(json)) {
            (void)skip_value(json, levels - 1);
        }
    }
    return !json->bad;
}

static bool skip_value(struct json *json, int levels)
{
    struct sink nowhere = {.capacity = 0};
    if (json->bad) {
        return false;
    }
    switch (peek(json)) {
    case '{':
    case '[':
        return skip_collection(json, levels);
    case '"':
        return take_string(json, &nowhere);
    case 't':
        return take_word(json, "true");
    case 'f':
        return take_word(json, "false");
    case 'n':
        return take_word(json, "null");
    default:
        return take_number(json);
    }
}

bool json_skip(struct json *json)
{
    return skip_value(json, DEEPEST);
}

bool json_finished(struct json *json)
{
    return !json->bad && peek(json) == '\0' && json->at == json->end;
}

size_t json_quote(char *out, size_t capacity, const char *text)
{
    size_t length = 0;
    out[length++] = '"';
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0' && length + 8 < capacity; at++) {
        if (*at == '"' || *at == '\\') {
            out[length++] = '\\';
            out[length++] = (char)*at;
        } else if (*at < ' ') {
            length += (size_t)snprintf(out + length, 7, "\\u%04x", *at);
        } else {
            out[length++] = (char)*at;
        }
    }
    out[length++] = '"';
    if (length < capacity) {
        out[length] = '\0';
    }
    return length;
}
