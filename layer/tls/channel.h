/* TLS as a client, without a socket: bytes from the network are put in, bytes for the network are taken out.
 *
 * OpenSSL does all of it, the path of certificates and the name of the host included; nothing is judged here. One thread at a
 * time uses a peer and its links.
 */
#ifndef DOGSLED_TLS_CHANNEL_H
#define DOGSLED_TLS_CHANNEL_H

#include <stddef.h>

enum { TLS_CLOSED = -2, TLS_FAILED = -1, TLS_MORE = 0, TLS_DONE = 1 };

/* The most that one call of tls_write takes: a record. */
enum { TLS_RECORD = 16384 };

/* What is asked of a peer beside the usual: that it may be anybody, and that it must speak TLS 1.3. */
enum { TLS_UNVERIFIED = 1, TLS_1_3_ONLY = 2 };

/* One host: its name, whom to trust, and what the next connection may resume. */
struct tls_peer;

/* One connection. */
struct tls_link;

/* roots: a folder of certificates under the hashes of their names, looked into when one is needed. own: a PEM file of
 * further ones, "" = none. NULL, with the reason in why, if OpenSSL cannot do what is asked; with an own file that cannot be
 * used there is a peer and a reason, and what the file holds is not trusted. rules: TLS_UNVERIFIED, TLS_1_3_ONLY, both or 0. */
struct tls_peer *tls_peer_new(const char *host, const char *roots, const char *own, int rules, char *why, size_t size);
void tls_peer_free(struct tls_peer *peer);

/* NULL: no memory, or no random bytes. The peer must live longer. */
struct tls_link *tls_link_new(struct tls_peer *peer);
void tls_link_free(struct tls_link *link);

/* TLS_DONE: the peer is who it should be. TLS_MORE: it needs bytes of the network. TLS_FAILED: see tls_why, and tls_take may
 * have an alert. Until TLS_DONE nothing may be written. */
int tls_handshake(struct tls_link *link);

/* Bytes of the network, all of them: 0, or TLS_FAILED without memory. */
int tls_feed(struct tls_link *link, const void *bytes, int length);

/* Bytes for the network: how many, 0 = none. Asked after every other call. */
int tls_take(struct tls_link *link, void *bytes, int length);

/* How many bytes were taken, or TLS_FAILED. */
int tls_write(struct tls_link *link, const void *bytes, int length);

/* How many bytes there were, TLS_MORE, TLS_CLOSED (the peer said goodbye), or TLS_FAILED. */
int tls_read(struct tls_link *link, void *bytes, int length);

/* Whether the last handshake took up an earlier session, so that no certificate had to be looked at again. */
int tls_resumed(const struct tls_link *link);

/* Of the last TLS_FAILED, for a person. */
const char *tls_why(const struct tls_link *link);

#endif
