/* What io.dogsled.http.OpenSsl calls. Arrays are copied, a record at a time, so that nothing of Java's is held meanwhile; the
 * handles are pointers, and Java uses none after it freed it. */
#include <jni.h>
#include <stdint.h>
#include <string.h>

#include "channel.h"

#define NATIVE(type) JNIEXPORT type JNICALL
#define SIGNATURE JNIEnv *env, jclass type

static struct tls_link *link_of(jlong handle) {
    return (struct tls_link *)(intptr_t)handle;
}

static int most(jint length) {
    return length < TLS_RECORD ? length : TLS_RECORD;
}

/* Into what ends with a zero; 0 if it is too long, or Java has thrown. */
static int text(JNIEnv *env, jbyteArray from, char *to, jsize size) {
    jsize length = (*env)->GetArrayLength(env, from);
    if (length >= size) {
        return 0;
    }
    (*env)->GetByteArrayRegion(env, from, 0, length, (jbyte *)to);
    to[length] = '\0';
    return !(*env)->ExceptionCheck(env) && strlen(to) == (size_t)length;
}

static void answer(JNIEnv *env, jbyteArray to, const char *why) {
    jsize length = (jsize)strlen(why);
    jsize room = (*env)->GetArrayLength(env, to);
    (*env)->SetByteArrayRegion(env, to, 0, length < room ? length : room, (const jbyte *)why);
}

NATIVE(jlong)
Java_io_dogsled_http_OpenSsl_peer(SIGNATURE, jbyteArray host, jbyteArray roots, jbyteArray own, jint rules, jbyteArray why);
NATIVE(jlong)
Java_io_dogsled_http_OpenSsl_peer(SIGNATURE, jbyteArray host, jbyteArray roots, jbyteArray own, jint rules, jbyteArray why) {
    (void)type;
    char name[256], folder[4096], file[4096], reason[160];
    if (!text(env, host, name, sizeof name) || !text(env, roots, folder, sizeof folder) ||
        !text(env, own, file, sizeof file)) {
        if (!(*env)->ExceptionCheck(env)) {
            answer(env, why, "a name is too long");
        }
        return 0;
    }
    struct tls_peer *peer = tls_peer_new(name, folder, file, rules, reason, sizeof reason);
    answer(env, why, reason);
    return (jlong)(intptr_t)peer;
}

NATIVE(jlong) Java_io_dogsled_http_OpenSsl_link(SIGNATURE, jlong peer);
NATIVE(jlong) Java_io_dogsled_http_OpenSsl_link(SIGNATURE, jlong peer) {
    (void)env, (void)type;
    return (jlong)(intptr_t)tls_link_new((struct tls_peer *)(intptr_t)peer);
}

NATIVE(void) Java_io_dogsled_http_OpenSsl_free(SIGNATURE, jlong link);
NATIVE(void) Java_io_dogsled_http_OpenSsl_free(SIGNATURE, jlong link) {
    (void)env, (void)type;
    tls_link_free(link_of(link));
}

NATIVE(jint) Java_io_dogsled_http_OpenSsl_handshake(SIGNATURE, jlong link);
NATIVE(jint) Java_io_dogsled_http_OpenSsl_handshake(SIGNATURE, jlong link) {
    (void)env, (void)type;
    return tls_handshake(link_of(link));
}

/* The four that move bytes: b[offset, offset + length) as Java checked it; a region out of bounds throws there. */
NATIVE(jint) Java_io_dogsled_http_OpenSsl_feed(SIGNATURE, jlong link, jbyteArray b, jint offset, jint length);
NATIVE(jint) Java_io_dogsled_http_OpenSsl_feed(SIGNATURE, jlong link, jbyteArray b, jint offset, jint length) {
    (void)type;
    jbyte bytes[TLS_RECORD];
    int count = most(length);
    (*env)->GetByteArrayRegion(env, b, offset, count, bytes);
    if ((*env)->ExceptionCheck(env) || tls_feed(link_of(link), bytes, count) != 0) {
        return TLS_FAILED;
    }
    return count;
}

NATIVE(jint) Java_io_dogsled_http_OpenSsl_write(SIGNATURE, jlong link, jbyteArray b, jint offset, jint length);
NATIVE(jint) Java_io_dogsled_http_OpenSsl_write(SIGNATURE, jlong link, jbyteArray b, jint offset, jint length) {
    (void)type;
    jbyte bytes[TLS_RECORD];
    int count = most(length);
    (*env)->GetByteArrayRegion(env, b, offset, count, bytes);
    return (*env)->ExceptionCheck(env) ? TLS_FAILED : tls_write(link_of(link), bytes, count);
}

static jint store(JNIEnv *env, jbyteArray b, jint offset, const jbyte *bytes, int count) {
    if (count > 0) {
        (*env)->SetByteArrayRegion(env, b, offset, count, bytes);
    }
    return count;
}

NATIVE(jint) Java_io_dogsled_http_OpenSsl_take(SIGNATURE, jlong link, jbyteArray b, jint offset, jint length);
NATIVE(jint) Java_io_dogsled_http_OpenSsl_take(SIGNATURE, jlong link, jbyteArray b, jint offset, jint length) {
    (void)type;
    jbyte bytes[TLS_RECORD];
    return store(env, b, offset, bytes, tls_take(link_of(link), bytes, most(length)));
}

NATIVE(jint) Java_io_dogsled_http_OpenSsl_read(SIGNATURE, jlong link, jbyteArray b, jint offset, jint length);
NATIVE(jint) Java_io_dogsled_http_OpenSsl_read(SIGNATURE, jlong link, jbyteArray b, jint offset, jint length) {
    (void)type;
    jbyte bytes[TLS_RECORD];
    return store(env, b, offset, bytes, tls_read(link_of(link), bytes, most(length)));
}

NATIVE(jboolean) Java_io_dogsled_http_OpenSsl_resumed(SIGNATURE, jlong link);
NATIVE(jboolean) Java_io_dogsled_http_OpenSsl_resumed(SIGNATURE, jlong link) {
    (void)env, (void)type;
    return tls_resumed(link_of(link)) ? JNI_TRUE : JNI_FALSE;
}

NATIVE(void) Java_io_dogsled_http_OpenSsl_why(SIGNATURE, jlong link, jbyteArray why);
NATIVE(void) Java_io_dogsled_http_OpenSsl_why(SIGNATURE, jlong link, jbyteArray why) {
    (void)type;
    answer(env, why, tls_why(link_of(link)));
}
