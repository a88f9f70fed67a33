#include "channel.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

struct tls_peer {
    SSL_CTX *context;
    SSL_SESSION *session; /* of the last connection, NULL = none */
    char *host;
    int is_address;
    int verified;
};

struct tls_link {
    SSL *ssl;
    BIO *in;  /* both belong to ssl */
    BIO *out;
    int verified;
    char why[160];
};

/* Forward secrecy and authenticated encryption alone; TLS 1.3 has nothing else. The quick ones first. */
static const char CIPHERS[] = "ECDHE+AESGCM:ECDHE+CHACHA20";
static const char SUITES[] = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
static const char GROUPS[] = "X25519:P-256:P-384";
static const unsigned char PROTOCOLS[] = "\x08http/1.1";

/* 112 bits: no RSA key below 2048 bits and no SHA-1 in a path of certificates. */
enum { SECURITY_LEVEL = 2 };

static void first_error(char *why, size_t size, const char *otherwise) {
    const char *reason = ERR_reason_error_string(ERR_peek_error());
    (void)snprintf(why, size, "%s", reason != NULL ? reason : otherwise);
    ERR_clear_error();
}

/* TLS 1.3 sends tickets whenever it likes; the last one is kept, and used once (RFC 8446, C.4). */
static int on_session(SSL *ssl, SSL_SESSION *session) {
    struct tls_peer *peer = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    SSL_SESSION_free(peer->session);
    peer->session = session;
    return 1;
}

static int is_address(const char *host) {
    ASN1_OCTET_STRING *address = a2i_IPADDRESS(host);
    ASN1_OCTET_STRING_free(address);
    ERR_clear_error();
    return address != NULL;
}

static int set_up(SSL_CTX *context, const char *roots, int rules) {
    X509_LOOKUP *folder = X509_STORE_add_lookup(SSL_CTX_get_cert_store(context), X509_LOOKUP_hash_dir());
    SSL_CTX_set_security_level(context, SECURITY_LEVEL);
    SSL_CTX_set_verify(context, rules & TLS_UNVERIFIED ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, on_session);
    return folder != NULL && X509_LOOKUP_add_dir(folder, roots, X509_FILETYPE_PEM) == 1 &&
           SSL_CTX_set_min_proto_version(context, rules & TLS_1_3_ONLY ? TLS1_3_VERSION : TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, CIPHERS) == 1 && SSL_CTX_set_ciphersuites(context, SUITES) == 1 &&
           SSL_CTX_set1_groups_list(context, GROUPS) == 1 &&
           SSL_CTX_set_alpn_protos(context, PROTOCOLS, sizeof PROTOCOLS - 1) == 0;
}

/* NULL, or what is wrong. Nothing but a regular file is read: a FIFO would never end, nor would its open without O_NONBLOCK. */
static const char *unreadable(const char *file) {
    struct stat kind;
    int fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? "no such file" : strerror(errno);
    }
    int regular = fstat(fd, &kind) == 0 && S_ISREG(kind.st_mode);
    (void)close(fd);
    return regular ? NULL : "not a regular file";
}

static void trust(SSL_CTX *context, const char *file, char *why, size_t size) {
    const char *fault = unreadable(file);
    if (fault != NULL) {
        (void)snprintf(why, size, "%s", fault);
    } else if (X509_STORE_load_file(SSL_CTX_get_cert_store(context), file) != 1) {
        first_error(why, size, "no certificates");
    }
}

struct tls_peer *tls_peer_new(const char *host, const char *roots, const char *own, int rules, char *why, size_t size) {
    why[0] = '\0';
    /* No configuration file: it would be one of the machine that built OpenSSL. Nothing at exit: other threads still run. */
    if (OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL) != 1) {
        first_error(why, size, "OpenSSL does not start");
        return NULL;
    }
    ERR_clear_error();
    struct tls_peer *peer = calloc(1, sizeof *peer);
    if (peer == NULL || (peer->host = strdup(host)) == NULL ||
        (peer->context = SSL_CTX_new(TLS_client_method())) == NULL || !set_up(peer->context, roots, rules)) {
        first_error(why, size, "no memory");
        tls_peer_free(peer);
        return NULL;
    }
    SSL_CTX_set_app_data(peer->context, peer);
    peer->is_address = is_address(host);
    peer->verified = !(rules & TLS_UNVERIFIED);
    if (own[0] != '\0') {
        trust(peer->context, own, why, size);
    }
    return peer;
}

void tls_peer_free(struct tls_peer *peer) {
    if (peer != NULL) {
        SSL_SESSION_free(peer->session);
        SSL_CTX_free(peer->context);
        free(peer->host);
        free(peer);
    }
}

/* A sandbox may be a copy of another one (SnapStart), generator of random numbers included, and OpenSSL does not notice. */
static int fresh_random(void) {
    unsigned char seed[48];
    if (getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed) {
        return 0;
    }
    RAND_seed(seed, sizeof seed);
    OPENSSL_cleanse(seed, sizeof seed);
    return RAND_status() == 1;
}

/* RFC 9525: subjectAltName alone, the whole leftmost label as a wildcard, an address as an address. */
static int expect_host(struct tls_link *link, const struct tls_peer *peer) {
    SSL_set_hostflags(link->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    if (peer->is_address) {
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(link->ssl), peer->host) == 1;
    }
    return SSL_set1_host(link->ssl, peer->host) == 1 && SSL_set_tlsext_host_name(link->ssl, peer->host) == 1;
}

static int resume(struct tls_link *link, struct tls_peer *peer) {
    SSL_SESSION *session = peer->session;
    peer->session = NULL;
    int done = session == NULL || SSL_set_session(link->ssl, session) == 1;
    SSL_SESSION_free(session);
    return done;
}

struct tls_link *tls_link_new(struct tls_peer *peer) {
    ERR_clear_error();
    struct tls_link *link = calloc(1, sizeof *link);
    if (link == NULL) {
        return NULL;
    }
    link->verified = peer->verified;
    link->ssl = fresh_random() ? SSL_new(peer->context) : NULL;
    link->in = BIO_new(BIO_s_mem());
    link->out = BIO_new(BIO_s_mem());
    if (link->ssl == NULL || link->in == NULL || link->out == NULL) {
        BIO_free(link->in);
        BIO_free(link->out);
        SSL_free(link->ssl);
        free(link);
        return NULL;
    }
    BIO_set_mem_eof_return(link->in, -1);
    SSL_set_bio(link->ssl, link->in, link->out);
    SSL_set_connect_state(link->ssl);
    if (!expect_host(link, peer) || !resume(link, peer)) {
        tls_link_free(link);
        return NULL;
    }
    return link;
}

void tls_link_free(struct tls_link *link) {
    if (link != NULL) {
        /* Or SSL_free takes the session for a broken one, because there was no polite end. */
        SSL_set_shutdown(link->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
        SSL_free(link->ssl);
        free(link);
    }
}

static int failed(struct tls_link *link) {
    long verdict = SSL_get_verify_result(link->ssl);
    if (link->verified && verdict != X509_V_OK) {
        (void)snprintf(link->why, sizeof link->why, "certificate refused: %s", X509_verify_cert_error_string(verdict));
        ERR_clear_error();
    } else {
        first_error(link->why, sizeof link->why, "TLS broke off");
    }
    return TLS_FAILED;
}

static int outcome(struct tls_link *link, int result) {
    switch (SSL_get_error(link->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return TLS_MORE;
    case SSL_ERROR_ZERO_RETURN:
        return TLS_CLOSED;
    default:
        return failed(link);
    }
}

int tls_handshake(struct tls_link *link) {
    ERR_clear_error();
    int result = SSL_do_handshake(link->ssl);
    if (result != 1) {
        int end = outcome(link, result);
        return end == TLS_CLOSED ? failed(link) : end;
    }
    /* It cannot be otherwise; if OpenSSL ever let it be, this is where it must end. */
    int right = !link->verified || SSL_get_verify_result(link->ssl) == X509_V_OK;
    if (!right || SSL_get0_peer_certificate(link->ssl) == NULL) {
        return failed(link);
    }
    return TLS_DONE;
}

int tls_feed(struct tls_link *link, const void *bytes, int length) {
    return length <= 0 || BIO_write(link->in, bytes, length) == length ? 0 : TLS_FAILED;
}

int tls_take(struct tls_link *link, void *bytes, int length) {
    int count = BIO_read(link->out, bytes, length);
    return count > 0 ? count : 0;
}

int tls_write(struct tls_link *link, const void *bytes, int length) {
    if (length <= 0) {
        return 0;
    }
    ERR_clear_error();
    int result = SSL_is_init_finished(link->ssl) ? SSL_write(link->ssl, bytes, length > TLS_RECORD ? TLS_RECORD : length) : -1;
    return result > 0 ? result : failed(link);
}

int tls_read(struct tls_link *link, void *bytes, int length) {
    ERR_clear_error();
    int result = SSL_read(link->ssl, bytes, length);
    return result > 0 ? result : outcome(link, result);
}

int tls_resumed(const struct tls_link *link) {
    return SSL_session_reused(link->ssl);
}

const char *tls_why(const struct tls_link *link) {
    return link->why;
}
