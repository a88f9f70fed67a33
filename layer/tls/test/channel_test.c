/* channel.c against OpenSSL as a server, in one process, without a socket. A failure names its line and ends the run. */
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "channel.h"

#define CHECK(what)                                                    \
    do {                                                               \
        if (!(what)) {                                                 \
            (void)fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what); \
            exit(1);                                                   \
        }                                                              \
    } while (0)

static char trusted[64] = "/tmp/dogsled-tls-test-XXXXXX";

struct server {
    SSL_CTX *context;
    SSL *ssl;
    BIO *in;
    BIO *out;
};

static void extend(X509 *certificate, int what, const char *value) {
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, what, value);
    CHECK(extension != NULL && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

/* Self-signed, for one name, valid for a day around untilDays - 1. */
static X509 *certificate_for(EVP_PKEY *key, const char *names, int until_days) {
    X509 *made = X509_new();
    CHECK(made != NULL && X509_set_version(made, 2) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), (until_days - 2) * 86400L);
    X509_gmtime_adj(X509_getm_notAfter(made), until_days * 86400L);
    X509_NAME *subject = X509_get_subject_name(made);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)"test", -1, -1, 0);
    CHECK(X509_set_issuer_name(made, subject) == 1 && X509_set_pubkey(made, key) == 1);
    extend(made, NID_basic_constraints, "critical,CA:TRUE");
    extend(made, NID_subject_alt_name, names);
    CHECK(X509_sign(made, key, EVP_sha256()) > 0);
    return made;
}

static SSL_CTX *server_context(const char *names, int until_days) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = certificate_for(key, names, until_days);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    CHECK(context != NULL && SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1);
    SSL_CTX_set_session_id_context(context, (const unsigned char *)"test", 4);
    FILE *file = fopen(trusted, "w");
    CHECK(file != NULL && PEM_write_X509(file, certificate) == 1 && fclose(file) == 0);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}

static void accept_one(struct server *server, SSL_CTX *context) {
    server->context = context;
    server->ssl = SSL_new(context);
    server->in = BIO_new(BIO_s_mem());
    server->out = BIO_new(BIO_s_mem());
    CHECK(server->ssl != NULL && server->in != NULL && server->out != NULL);
    SSL_set_bio(server->ssl, server->in, server->out);
    SSL_set_accept_state(server->ssl);
}

/* Carries what either side has to say; the server's bytes may be damaged on their way. */
static void carry(struct tls_link *link, struct server *server, unsigned damage) {
    unsigned char bytes[4096];
    int count;
    while ((count = tls_take(link, bytes, sizeof bytes)) > 0) {
        CHECK(BIO_write(server->in, bytes, count) == count);
    }
    (void)SSL_do_handshake(server->ssl);
    while ((count = BIO_read(server->out, bytes, sizeof bytes)) > 0) {
        if (damage != 0) {
            bytes[damage % (unsigned)count] ^= (unsigned char)(1 + damage % 255);
        }
        CHECK(tls_feed(link, bytes, count) == 0);
    }
}

static int connect_both(struct tls_link *link, struct server *server, unsigned damage) {
    int state = TLS_MORE;
    for (int i = 0; i < 10 && state == TLS_MORE; i++) {
        state = tls_handshake(link);
        carry(link, server, damage);
    }
    return state;
}

static struct tls_peer *peer_of(const char *host) {
    char why[160];
    struct tls_peer *peer = tls_peer_new(host, "/nowhere", trusted, 0, why, sizeof why);
    CHECK(peer != NULL && why[0] == '\0');
    return peer;
}

static void talks_and_resumes(void) {
    SSL_CTX *context = server_context("DNS:a.test", 1);
    struct tls_peer *peer = peer_of("a.test");
    for (int round = 0; round < 3; round++) {
        struct server server;
        unsigned char bytes[TLS_RECORD + 1] = {7};
        struct tls_link *link = tls_link_new(peer);
        CHECK(link != NULL && tls_write(link, "early", 5) == TLS_FAILED);
        accept_one(&server, context);
        CHECK(connect_both(link, &server, 0) == TLS_DONE);
        CHECK(tls_resumed(link) == (round > 0));
        CHECK(tls_read(link, bytes, sizeof bytes) == TLS_MORE);
        CHECK(tls_write(link, bytes, sizeof bytes) == TLS_RECORD);
        carry(link, &server, 0);
        int heard = 0;
        for (int count; (count = SSL_read(server.ssl, bytes, sizeof bytes)) > 0; heard += count) {
        }
        CHECK(heard == TLS_RECORD);
        CHECK(SSL_write(server.ssl, "hello", 5) == 5 && SSL_shutdown(server.ssl) >= 0);
        carry(link, &server, 0);
        CHECK(tls_read(link, bytes, 2) == 2 && memcmp(bytes, "he", 2) == 0);
        CHECK(tls_read(link, bytes, sizeof bytes) == 3 && tls_read(link, bytes, sizeof bytes) == TLS_CLOSED);
        tls_link_free(link);
        SSL_free(server.ssl);
    }
    tls_peer_free(peer);
    SSL_CTX_free(context);
}

static void refuses(const char *host, const char *names, int until_days, const char *reason) {
    struct server server;
    SSL_CTX *context = server_context(names, until_days);
    struct tls_peer *peer = peer_of(host);
    struct tls_link *link = tls_link_new(peer);
    CHECK(link != NULL);
    accept_one(&server, context);
    CHECK(connect_both(link, &server, 0) == TLS_FAILED);
    CHECK(strstr(tls_why(link), reason) != NULL);
    CHECK(tls_write(link, "secret", 6) == TLS_FAILED);
    tls_link_free(link);
    tls_peer_free(peer);
    SSL_free(server.ssl);
    SSL_CTX_free(context);
}

/* Whom nobody vouches for, under another name and after its time: taken if anybody will do, and as secret as ever. */
static void takes_anybody_if_told_to(void) {
    struct server server;
    char why[160];
    unsigned char bytes[8];
    SSL_CTX *context = server_context("DNS:a.test", -1);
    struct tls_peer *peer = tls_peer_new("b.test", "/nowhere", "", TLS_UNVERIFIED, why, sizeof why);
    CHECK(peer != NULL);
    for (int round = 0; round < 2; round++) {
        struct tls_link *link = tls_link_new(peer);
        CHECK(link != NULL);
        accept_one(&server, context);
        CHECK(connect_both(link, &server, 0) == TLS_DONE);
        CHECK(tls_resumed(link) == (round > 0) && tls_write(link, "data", 4) == 4 && tls_read(link, bytes, 8) == TLS_MORE);
        carry(link, &server, 0);
        CHECK(SSL_read(server.ssl, bytes, sizeof bytes) == 4 && memcmp(bytes, "data", 4) == 0);
        tls_link_free(link);
        SSL_free(server.ssl);
    }
    tls_peer_free(peer);
    SSL_CTX_free(context);
}

static void shakes_hands(int rules, int server_at_most, int expected) {
    struct server server;
    char why[160];
    SSL_CTX *context = server_context("DNS:a.test", 1);
    CHECK(SSL_CTX_set_max_proto_version(context, server_at_most) == 1);
    struct tls_peer *peer = tls_peer_new("a.test", "/nowhere", trusted, rules, why, sizeof why);
    CHECK(peer != NULL);
    struct tls_link *link = tls_link_new(peer);
    CHECK(link != NULL);
    accept_one(&server, context);
    CHECK(connect_both(link, &server, 0) == expected);
    tls_link_free(link);
    tls_peer_free(peer);
    SSL_free(server.ssl);
    SSL_CTX_free(context);
}

/* One byte of each flight of the server is another one: never a handshake that is done, never a fault of ours. */
static void survives_damage(void) {
    SSL_CTX *context = server_context("DNS:a.test", 1);
    struct tls_peer *peer = peer_of("a.test");
    for (unsigned damage = 1; damage < 3000; damage++) {
        struct server server;
        unsigned char bytes[64];
        struct tls_link *link = tls_link_new(peer);
        CHECK(link != NULL);
        accept_one(&server, context);
        int state = connect_both(link, &server, damage);
        CHECK(state != TLS_DONE || tls_read(link, bytes, sizeof bytes) <= 0);
        tls_link_free(link);
        SSL_free(server.ssl);
    }
    tls_peer_free(peer);
    SSL_CTX_free(context);
}

static void complains(const char *own, const char *reason) {
    char why[160];
    struct tls_peer *peer = tls_peer_new("a.test", "/nowhere", own, 0, why, sizeof why);
    CHECK(peer != NULL && strstr(why, reason) != NULL);
    tls_peer_free(peer);
}

static void says_what_is_missing(void) {
    char fifo[] = "/tmp/dogsled-tls-fifo-XXXXXX";
    int file = mkstemp(fifo);
    CHECK(file >= 0 && close(file) == 0);
    complains(fifo, "no certificate");
    CHECK(unlink(fifo) == 0 && mkfifo(fifo, S_IRUSR | S_IWUSR) == 0);
    (void)alarm(60); /* a FIFO that is read ends nothing */
    complains(fifo, "not a regular file");
    (void)alarm(0);
    CHECK(unlink(fifo) == 0);
    complains("/nowhere/at/all.pem", "no such file");
    complains("/tmp", "not a regular file");
    tls_peer_free(NULL);
    tls_link_free(NULL);
}

int main(void) {
    int file = mkstemp(trusted);
    CHECK(file >= 0 && close(file) == 0);
    talks_and_resumes();
    refuses("b.test", "DNS:a.test", 1, "hostname mismatch");
    refuses("127.0.0.1", "DNS:127.0.0.1", 1, "IP address mismatch");
    refuses("a.test", "DNS:a.test", -1, "expired");
    refuses("a.test", "DNS:a.test", 4, "not yet valid");
    takes_anybody_if_told_to();
    shakes_hands(0, TLS1_2_VERSION, TLS_DONE);
    shakes_hands(0, TLS1_3_VERSION, TLS_DONE);
    shakes_hands(TLS_1_3_ONLY, TLS1_2_VERSION, TLS_FAILED);
    shakes_hands(TLS_1_3_ONLY, TLS1_3_VERSION, TLS_DONE);
    survives_damage();
    says_what_is_missing();
    CHECK(unlink(trusted) == 0);
    (void)puts("tls: all passed");
    return 0;
}
