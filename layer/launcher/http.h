/*
 * An incremental parser of one HTTP/1.x message, request or response, used for both sides: the answers of the
 * Extensions API and the posts of the Telemetry API. It is fed what arrived, in pieces of any size, and knows
 * Content-Length, chunked bodies with trailers, bodies that end with the connection, and interim (1xx) answers.
 *
 *      POST /t/0123 HTTP/1.1\r\n          start line: method and target, or status
 *      Content-Length: 2\r\n              fields; only those below are kept, names in any case
 *      \r\n                               the head is complete: http_feed stops here once
 *      []                                 body
 *
 * Everything is bounded: a line is kept up to HTTP_LINE_MAX bytes and read on beyond that, a head may have
 * HTTP_HEAD_MAX bytes, and a body beyond body_limit is read, counted and thrown away.
 */
#ifndef DOGSLED_HTTP_H
#define DOGSLED_HTTP_H

#include "bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HTTP_LINE_MAX = 1024, HTTP_HEAD_MAX = 65536, HTTP_TARGET_MAX = 128, HTTP_ID_MAX = 128 };

enum http_kind { HTTP_REQUEST, HTTP_RESPONSE };

/* In the order in which a message goes through them. */
enum http_state {
    HTTP_START_LINE,
    HTTP_FIELDS,
    HTTP_BODY,
    HTTP_BODY_TO_END,
    HTTP_CHUNK_SIZE,
    HTTP_CHUNK,
    HTTP_CHUNK_END,
    HTTP_TRAILERS,
    HTTP_DONE,
    HTTP_BAD
};

struct http_message {
    enum http_kind kind;
    enum http_state state;
    int status;                         /* of a response */
    char method[8];                     /* of a request; cut when longer, which equals no method we know */
    char target[HTTP_TARGET_MAX];       /* likewise */
    char extension_id[HTTP_ID_MAX];     /* Lambda-Extension-Identifier */
    bool closes;                        /* the peer will not take another message on this connection */
    bool expects_continue;              /* Expect: 100-continue */
    bool chunked;
    bool has_length;
    bool framing_line;                  /* the last field said where the body ends */
    uint64_t left;                      /* body or chunk bytes still to come */
    struct bytes body;
    size_t body_limit;                  /* may be lowered while state is below HTTP_BODY or when the head is complete */
    uint64_t body_cut;                  /* > 0: the body was longer than the limit; that many bytes are missing */
    size_t head_bytes;
    size_t line_length;
    char line[HTTP_LINE_MAX];
};

/* Makes the message ready for the next one on the same connection; keeps the memory of the body. */
void http_reset(struct http_message *message, enum http_kind kind, size_t body_limit);
void http_free(struct http_message *message);

/*
 * Takes bytes from the connection and returns how many it used. It stops early behind the head (once), behind the
 * message (HTTP_DONE) and at nonsense (HTTP_BAD); after the first it is to be called again with the rest.
 */
size_t http_feed(struct http_message *message, const void *data, size_t count);

/* The peer closed its side: completes a body that ends with the connection, makes anything unfinished HTTP_BAD. */
void http_feed_end(struct http_message *message);

#endif
