#include "http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void http_reset(struct http_message *message, enum http_kind kind, size_t body_limit)
{
    struct bytes body = message->body;
    bytes_clear(&body);
    memset(message, 0, offsetof(struct http_message, line));
    message->kind = kind;
    message->body = body;
    message->body_limit = body_limit;
}

void http_free(struct http_message *message)
{
    bytes_free(&message->body);
}

static void bad(struct http_message *message)
{
    message->state = HTTP_BAD;
}

/* Copies a word up to the next blank, cut to fit, and returns what follows the blanks. */
static const char *copy_word(const char *at, char *word, size_t capacity)
{
    size_t length = strcspn(at, " ");
    size_t kept = length < capacity - 1 ? length : capacity - 1;
    memcpy(word, at, kept);
    word[kept] = '\0';
    at += length;
    return at + strspn(at, " ");
}

/* "HTTP/1.1" with anything behind the number; version 1.0 closes unless it says otherwise. */
static void on_version(struct http_message *message, const char *version)
{
    if (strncmp(version, "HTTP/1.", 7) != 0 || version[7] < '0' || version[7] > '9') {
        bad(message);
        return;
    }
    message->closes = version[7] == '0';
    message->state = HTTP_FIELDS;
}

static void on_start_line(struct http_message *message, const char *line)
{
    if (*line == '\0') {
        return; /* RFC 9112, 2.2: an empty line in front of a message is ignored */
    }
    if (message->kind == HTTP_REQUEST) {
        const char *rest = copy_word(line, message->method, sizeof message->method);
        on_version(message, copy_word(rest, message->target, sizeof message->target));
        return;
    }
    on_version(message, line);
    const char *status = line + strcspn(line, " ");
    status += strspn(status, " ");
    message->status = (int)strtol(status, NULL, 10);
    if (strspn(status, "0123456789") != 3 || message->status < 100) {
        bad(message);
    }
}

static void on_length(struct http_message *message, const char *value)
{
    size_t digits = strspn(value, "0123456789");
    uint64_t length = strtoull(value, NULL, 10);
    bool different = message->has_length && message->left != length;
    if (digits == 0 || digits > 18 || value[digits] != '\0' || different) {
        bad(message);
        return;
    }
    message->has_length = true;
    message->left = length;
}

/* True if the comma separated list ends with (last) or contains the token. */
static bool has_token(const char *list, const char *token, bool last)
{
    bool found = false;
    while (*list != '\0') {
        list += strspn(list, " \t,");
        size_t length = strcspn(list, " \t,;");
        if (length > 0) {
            bool equal = length == strlen(token) && strncasecmp(list, token, length) == 0;
            found = last ? equal : found || equal;
        }
        list += strcspn(list, ",");
    }
    return found;
}

static void on_field_value(struct http_message *message, const char *name, const char *value)
{
    message->framing_line = false;
    if (strcasecmp(name, "content-length") == 0) {
        message->framing_line = true;
        on_length(message, value);
    } else if (strcasecmp(name, "transfer-encoding") == 0) {
        message->framing_line = true;
        message->chunked = has_token(value, "chunked", true);
        if (!message->chunked && message->kind == HTTP_REQUEST) {
            bad(message); /* nobody could tell where its body ends */
        }
    } else if (strcasecmp(name, "connection") == 0) {
        message->closes = has_token(value, "close", false) || (message->closes && !has_token(value, "keep-alive", false));
    } else if (strcasecmp(name, "expect") == 0) {
        message->expects_continue = has_token(value, "100-continue", false);
    } else if (strcasecmp(name, "lambda-extension-identifier") == 0) {
        (void)copy_word(value, message->extension_id, sizeof message->extension_id);
    }
}

static void on_field(struct http_message *message, char *line)
{
    bool folded = *line == ' ' || *line == '\t';
    if (folded && (message->kind == HTTP_REQUEST || message->framing_line)) {
        bad(message); /* RFC 9112, 5.2: refused, or a blank; and a blank in a length makes it none */
        return;
    }
    char *colon = strchr(line, ':');
    if (colon == NULL || folded) {
        return; /* no field that we need */
    }
    *colon = '\0';
    if (colon > line && (colon[-1] == ' ' || colon[-1] == '\t')) { /* 5.1: refused in a request, removed in an answer */
        if (message->kind == HTTP_REQUEST) {
            bad(message);
            return;
        }
        line[strcspn(line, " \t")] = '\0';
    }
    char *value = colon + 1 + strspn(colon + 1, " \t");
    size_t length = strlen(value);
    while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t')) {
        value[--length] = '\0';
    }
    on_field_value(message, line, value);
}

static void on_head_end(struct http_message *message)
{
    int status = message->status;
    if (message->kind == HTTP_RESPONSE && status < 200) {
        size_t limit = message->body_limit, seen = message->head_bytes;
        http_reset(message, HTTP_RESPONSE, limit);
        message->head_bytes = seen; /* endless interim answers are bounded too */
        message->state = status == 101 ? HTTP_BAD : HTTP_START_LINE;
    } else if (message->kind == HTTP_RESPONSE && (status == 204 || status == 304)) {
        message->state = HTTP_DONE;
    } else if (message->chunked) {
        message->closes = message->closes || message->has_length; /* 6.3: whoever sends both means no good */
        message->state = HTTP_CHUNK_SIZE;
        message->head_bytes = 0;
    } else if (message->has_length || message->kind == HTTP_REQUEST) {
        message->state = message->left == 0 ? HTTP_DONE : HTTP_BODY;
    } else {
        message->state = HTTP_BODY_TO_END;
        message->closes = true;
    }
}

static void on_chunk_size(struct http_message *message, const char *line)
{
    size_t digits = strspn(line, "0123456789abcdefABCDEF");
    if (digits == 0 || digits > 15 || strchr("; \t", line[digits]) == NULL) { /* strchr finds the end of the text too */
        bad(message);
        return;
    }
    message->left = strtoull(line, NULL, 16);
    message->head_bytes = 0;
    message->state = message->left == 0 ? HTTP_TRAILERS : HTTP_CHUNK;
}

static void on_line(struct http_message *message)
{
    char *line = message->line;
    if (message->line_length > 0 && line[message->line_length - 1] == '\r') {
        message->line_length--;
    }
    line[message->line_length] = '\0';
    bool nul = memchr(line, '\0', message->line_length) != NULL;
    message->line_length = 0;
    if (nul) { /* what is behind it would be read by others and not by us */
        bad(message);
        return;
    }
    bool empty = *line == '\0';
    switch (message->state) {
    case HTTP_START_LINE:
        on_start_line(message, line);
        break;
    case HTTP_FIELDS:
        if (empty) {
            on_head_end(message);
        } else {
            on_field(message, line);
        }
        break;
    case HTTP_CHUNK_SIZE:
        on_chunk_size(message, line);
        break;
    case HTTP_CHUNK_END:
        message->state = empty ? HTTP_CHUNK_SIZE : HTTP_BAD;
        break;
    default: /* HTTP_TRAILERS: read and ignored */
        message->state = empty ? HTTP_DONE : HTTP_TRAILERS;
        break;
    }
}

static size_t feed_line(struct http_message *message, const char *data, size_t count)
{
    const char *newline = memchr(data, '\n', count);
    size_t used = newline == NULL ? count : (size_t)(newline - data);
    size_t room = sizeof message->line - 1 - message->line_length;
    size_t kept = used < room ? used : room;
    memcpy(message->line + message->line_length, data, kept);
    message->line_length += kept;
    message->head_bytes += used + 1;
    if (message->head_bytes > HTTP_HEAD_MAX) {
        bad(message);
    } else if (newline != NULL) {
        on_line(message);
    }
    return newline == NULL ? used : used + 1;
}

static size_t feed_body(struct http_message *message, const char *data, size_t count)
{
    bool to_end = message->state == HTTP_BODY_TO_END;
    size_t used = to_end || count < message->left ? count : (size_t)message->left;
    if (message->body_cut > 0 || !bytes_append(&message->body, data, used, message->body_limit)) {
        message->body_cut += used + message->body.length;
        bytes_clear(&message->body); /* half a body is of no use to anybody */
    }
    if (!to_end) {
        message->left -= used;
        if (message->left == 0) {
            message->state = message->state == HTTP_BODY ? HTTP_DONE : HTTP_CHUNK_END;
        }
    }
    return used;
}

size_t http_feed(struct http_message *message, const void *data, size_t count)
{
    size_t used = 0;
    while (used < count && message->state < HTTP_DONE) {
        const char *at = (const char *)data + used;
        enum http_state before = message->state;
        if (before == HTTP_BODY || before == HTTP_BODY_TO_END || before == HTTP_CHUNK) {
            used += feed_body(message, at, count - used);
        } else {
            used += feed_line(message, at, count - used);
        }
        if (before == HTTP_FIELDS && message->state > HTTP_FIELDS) {
            break;
        }
    }
    return used;
}

void http_feed_end(struct http_message *message)
{
    message->state = message->state == HTTP_BODY_TO_END || message->state == HTTP_DONE ? HTTP_DONE : HTTP_BAD;
}
